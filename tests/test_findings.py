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
    "e-ma",
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


def hints_of(path: Path) -> Iterator[str]:
    """The beginning of each literal hint of a module, and its end after a line feed."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "hint":
            value: ast.expr = node.value
        elif isinstance(node, ast.Assign) and "hint" in ast.unparse(node.targets[0]).lower():
            value = node.value
        else:
            continue
        for text in value.values if isinstance(value, ast.Dict) else [value]:
            parts = text.values if isinstance(text, ast.JoinedStr) else [text]
            first, last = (part.value if isinstance(part, ast.Constant) else "" for part in (parts[0], parts[-1]))
            yield f"{first}\n{last}"


def test_hints_begin_with_a_small_letter_and_end_without_a_full_stop() -> None:
    hints = {hint for path in (ROOT / "kb_builder").rglob("*.py") for hint in hints_of(path)}
    assert len(hints) > 200
    assert not {hint for hint in hints if re.match(r"(?!MkDocs|DuckDB)[A-Z][a-z]|.*\.\Z", hint, re.S)}
