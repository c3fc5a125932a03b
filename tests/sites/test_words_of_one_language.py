"""No word of one language in anything of another: the public site, the staff's, replies and canned replies."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from kb_builder.pipeline.centre import Centre
from tests.centres import header, open_site, write
from tests.invoke import kb_in
from tests.sites.in_languages import built, configured, readable, token, tree

pytestmark = pytest.mark.slow

FOLDERS = {"en": "", "de": "de/", "ar": "ar/"}
SUFFIXES = {"en": "", "de": ".de", "ar": ".ar"}
ANSWERING = ("title", "answer", "body", "topic", "notice", "summary", "text", "segment", "label")


def words(code: str) -> str:
    """An article every field of which has a word of its own."""

    def mark(field: str) -> str:
        return token(code, field)

    return header(
        title=f"Title {mark('title')}", answer=f"Answer {mark('answer')}.", description=f"Line {mark('line')}",
        asked_as=[f"asked {mark('asked')}"], tags=[mark("tag")],
    ) + f"Body {mark('body')}.\n\n## Heading {mark('heading')}\n\nMore.\n"  # fmt: skip


@pytest.fixture
def trilingual(tmp_path: Path) -> Path:
    """A help centre every word of which shows its language."""
    notice = "---\ntitle: Late {}\nend: 2026-12-01\nsummary: Later {}.\n---\nWait {}.\n"
    files = {}
    for code, suffix in SUFFIXES.items():
        files[f"faq/a/x{suffix}"] = words(code)
        topic = f"title: T {token(code, 'topic')}\ndescription: D {token(code, 'told')}\n"
        files[f"content/articles/faq/a/_category{suffix}.yml"] = topic
        said = [token(code, field) for field in ("notice", "summary", "text")]
        files[f"content/announcements/2026-11-20-late{suffix}.md"] = notice.format(*said)
        files[f"content/replies/sms{suffix}.txt"] = f"{token(code, 'template')} {{answer}} {{link}}\n"
        files[f"content/synonyms/{code}.txt"] = f"{token(code, 'synonym')}, {token(code, 'body')}\n"
    files["faq/a/x"] = words("en").replace("title:", "id: x\nsegments: [gold]\ntitle:")
    names = ", ".join(f"{code}: {{gold: {token(code, 'segment')}}}" for code in ("de", "ar"))
    files["content/trending.yml"] = f"segments: {{gold: {token('en', 'segment')}}}\ntitles: {{{names}}}\n"
    labels = ", ".join(f"{code}: {token(code, 'label')}" for code in SUFFIXES)
    links = f"      links:\n        shop: {{label: {{{labels}}}, url: 'https://shop.example.com/'}}\n"
    return write(tmp_path, files, mkdocs=configured("en, de, ar", links))


def in_language(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    others = tuple(one for one in ("de/", "ar/") if one != folder)
    found = {path: data for path, data in files.items() if path.startswith(folder) and not path.startswith(others)}
    # The one list of all languages.
    return found if folder else {path: data for path, data in found.items() if path != "api/articles.json"}


def foreign(text: bytes, code: str) -> list[str]:
    """The other languages of which there is a word in ``text``."""
    return [other for other in FOLDERS if other != code and token(other, "").partition("7")[0].encode() in text]


@pytest.mark.parametrize("staff", [False, True])
def test_in_a_site(trilingual: Path, staff: bool) -> None:
    built(trilingual, staff=staff)
    files = tree(trilingual)
    for code, folder in FOLDERS.items():
        ours = {path: readable(data) for path, data in in_language(files, folder).items()}
        assert {path: foreign(data, code) for path, data in ours.items() if foreign(data, code)} == {}
        everything = b"".join(ours.values())
        assert [field for field in ANSWERING if token(code, field).encode() not in everything] == []
        assert any(path.startswith(f"{folder}search/index/") for path in ours)


def test_in_search(trilingual: Path) -> None:
    for code, site in zip(FOLDERS, Centre(open_site(trilingual)).sites, strict=True):
        reader = site.search.reader
        for field in ("title", "answer", "asked", "tag", "body", "heading", "synonym"):
            assert [hit.id for hit in reader.search(token(code, field)).hits] == ["x"], (code, field)
        for other in FOLDERS.keys() - {code}:
            assert not reader.search(token(other, "body")).hits
            assert not reader.search(token(other, "synonym")).hits


@pytest.mark.parametrize("code", FOLDERS)
def test_in_replies(trilingual: Path, code: str) -> None:
    for channel in ("email", "sms", "chat", "phone", "twitter", "facebook"):
        said = kb_in(trilingual, "reply", "x", "--channel", channel, "--language", code).output.encode()
        assert token(code, "template" if channel == "sms" else "answer").encode() in said
        assert foreign(said, code) == []


def test_in_canned_replies(trilingual: Path) -> None:
    file = trilingual / "macros.csv"
    made = kb_in(trilingual, "export", "macros", "--format", "csv", "-o", str(file))
    assert made.exit_code == 0, made.output
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert {row["language"] for row in rows} == FOLDERS.keys()
    for row in rows:
        text = " ".join(row.values()).encode()
        assert token(row["language"], "").partition("7")[0].encode() in text
        assert foreign(text, row["language"]) == []
