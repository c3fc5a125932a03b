"""Every code of a finding is documented with its meaning and an example, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
OTHER_WORDS = {
    "utf-8",
    "utf-8-sig",
    "view-source",
    "kb-ignore",
    "needs-review-translation",
    "the-id",
    "x-default",
    "tabbed-set",
    "e-mail",
    "fill-rule",
    "clip-rule",
    "no-cache",
    "no-store",
    "language-mermaid",
    "latin-1",
}
ONE_WORD = {"gap", "placeholder", "symlink", "unreadable", "unusable", "untranslated"}
MADE = {"long-": {"title", "description", "answer"}, "unknown-": {"article", "segment"}}
"""Codes that are put together: their start, and what follows it."""


def codes_of(path: Path) -> Iterator[str]:
    """The kebab-case texts of a module that has to do with findings."""
    text = path.read_text(encoding="utf-8")
    if not re.search(r"\bFinding\b|\brefuse\(|\bfindings_of\b|\blinter\b", text):
        return
    tree = ast.parse(text)
    keys = {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and len(node.values) == 2 and isinstance(node.values[0], ast.Constant):
            start = str(node.values[0].value)
            yield from (f"{start}{end}" for end in MADE.get(start, ()))
        elif (
            isinstance(node, ast.Constant)
            and id(node) not in keys
            and (CODE.fullmatch(str(node.value)) or node.value in ONE_WORD)
        ):
            yield str(node.value)


def documented() -> dict[str, str]:
    """Code → its text in the documentation."""
    parts = re.split(r"^### `([a-z0-9-]+)`$", (ROOT / "docs/findings.md").read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_code_is_documented_and_every_documented_code_exists() -> None:
    known = {code for path in (ROOT / "kb_builder").rglob("*.py") for code in codes_of(path)} - OTHER_WORDS
    known = {code for code in known if not code.startswith("aria-")}
    assert known == set(documented()), "document new codes in docs/findings.md, and remove those that are gone"


def test_every_code_has_a_severity_a_paragraph_and_an_example() -> None:
    for code, text in documented().items():
        assert re.search(r"\A\n\n(?:Error|Warning|Note)\. .{15,}\n\nExample: .{5,}\n", text), code
