"""Adds lines to ``content/redirects.yml`` as an editor would; all other text stays as typed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kb_builder.content.redirect_chains import Gone
from kb_builder.content.redirects import PATH
from kb_builder.parsing.yaml_places import quoted
from kb_builder.system import filesystem, source_files

_HEAD: Final = "# Old URLs and ids, and the id of the article each leads to now.\n"


def add_lines(root: Path, rules: Mapping[str, str | Gone]) -> bool:
    """Adds a line per rule, old place → target or reason; returns whether the file has changed."""
    if not rules:
        return False
    exists = (root / PATH).exists()
    text = source_files.read_text(root, PATH) if exists else _HEAD
    added = "".join(f"{quoted(old)}: {_target(target)}\n" for old, target in sorted(rules.items()))
    filesystem.save_text(root / PATH, text.rstrip("\n") + "\n" + added)
    return True


def _target(target: str | Gone) -> str:
    if isinstance(target, str):
        return quoted(target)
    keys = [f"gone: {quoted(target.reason)}"] if target.reason or not target.replaced_by else []
    keys += [f"replaced_by: {target.replaced_by}"] if target.replaced_by else []
    keys += [f"withdrawn: {target.withdrawn.isoformat()}"] if target.withdrawn else []
    return f"{{{', '.join(keys)}}}"
