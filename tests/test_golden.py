"""A folder with every mistake, and the findings for its authors, word for word.

After a wanted change, read the difference and write it down: python tests/test_golden.py > tests/golden/bad-content.txt
"""

from pathlib import Path
from zoneinfo import ZoneInfo

from kb_builder.content.announcements import read_announcements
from kb_builder.content.articles import read_articles
from kb_builder.content.contact import read_contact
from kb_builder.content.redirects import read_redirects
from kb_builder.errors import Finding, InputError, in_order

GOLDEN = Path(__file__).parent / "golden"
LONDON = ZoneInfo("Europe/London")


def findings(root: Path) -> tuple[Finding, ...]:
    found: list[Finding] = []
    try:
        found += read_contact(root)[1]
    except InputError as error:
        found += error.findings
    contents = read_articles(root, zone=LONDON)
    found += contents.findings
    found += read_announcements(root, zone=LONDON)[1]
    found += read_redirects(root, contents.articles).findings
    return in_order(found)


def told(root: Path) -> str:
    return "".join(f"{finding}\n" for finding in findings(root))


def test_every_mistake_is_reported_word_for_word() -> None:
    assert told(GOLDEN / "bad-content") == (GOLDEN / "bad-content.txt").read_text(encoding="utf-8")


if __name__ == "__main__":
    print(told(GOLDEN / "bad-content"), end="")
