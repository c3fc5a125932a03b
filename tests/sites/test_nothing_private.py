"""Guarantee 1: nothing private gets out.

A hostile centre: every field of every unreleased article, its pictures and its folder carry a token that is nowhere
else. Every byte of the site is scanned, as it is, unpacked, unescaped and decoded. Then each article is made public and
every output must show its token: a scan that can't fail proves nothing.
"""

import gzip
import html
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from kb_builder.commands.build import build
from kb_builder.errors import InputError, LeakError
from kb_builder.publishing.publication import Publication
from kb_builder.system.store import Store
from tests.centres import article, header, open_site, put, write

pytestmark = pytest.mark.slow

HIDING = {
    "draft": {"draft": "true"},
    "staff": {"audience": "staff"},
    "scheduled": {"publish_date": "2026-11-21T12:00:01Z"},
    "expired": {"expiry_date": "2026-11-21T12:00:00Z"},
}
SHOWN_FIELDS = ("title", "answer", "body", "heading", "alt", "picture", "id", "folder", "redirect", "tag", "asked")
"""Where a released article's tokens must be found again, in whatever form."""


def token(name: str, field: str) -> str:
    return f"zq{name}{field}7x"


def hidden_article(name: str, hiding: dict[str, str]) -> dict[str, str]:
    def mark(field: str) -> str:
        return token(name, field)

    body = (
        f"Body {mark('body')} text.\n\n## Heading {mark('heading')}\n\nMore.\n\n"
        f"![Alt {mark('alt')}]({mark('picture')}.svg)\n"
    )
    picture = '<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"/>'
    return {
        f"faq/{mark('folder')}/{mark('slug')}": article(
            mark("id"), f"Title {mark('title')}", body,
            answer=f"Answer {mark('answer')}.", description=f"Description {mark('description')}",
            nav_title=f"Nav {mark('nav')}", asked_as=[f"asked {mark('asked')}"], tags=[mark("tag")],
            owner=mark("owner"), redirect_from=[f"old/{mark('redirect')}"],
            segments=f"[{mark('segment')}]" if name != "expired" else "[]", **hiding,
        ),
        f"content/articles/faq/{mark('folder')}/_category.yml": f"title: Category {mark('category')}\n",
        f"content/articles/faq/{mark('folder')}/{mark('picture')}.svg": picture,
    }  # fmt: skip


def hostile(root: Path, public: str = "") -> Path:
    files = {
        "faq/open/plain": article("plain", "A plain question?", "Plain text.\n", answer="A plain answer."),
        "content/articles/faq/stray.svg": f"<svg><!-- {token('stray', 'picture')} --></svg>",
        "faq/open/split": article(
            "split",
            "A split question?",
            f'Open text.\n\n!!! staff "Title {token("block", "title")}"\n    Body {token("block", "body")}\n\n'
            f"    ## Heading {token('block', 'heading')}\n\n    [Link](../{token('block', 'link')}.md)\n\nMore.\n",
            answer="A split answer.",
            staff=f"Note {token('note', 'body')} [x](https://{token('note', 'link')}.example)",
        ),
        f"content/articles/faq/notes-{token('stray', 'note')}.txt": "not an article",
        "content/mentions/m.csv": "id,time,channel,segment,customer_id,text,article_id\n"
        f"1,2026-11-20T10:00:00Z,email,all,c1,{token('mention', 'text')},plain\n",
    }
    synonyms = [(f"{token(name, 'title')}, plain", f"{token(name, 'word')}, {token(name, 'other')}") for name in HIDING]
    lines = [line for pair in synonyms[:3] for line in pair] + [synonyms[3][1]]
    files["content/synonyms/en.txt"] = "\n".join(lines) + "\nflat, plain\n"
    # What expired was public once, and so were the names of its segments.
    named = [name for name in HIDING if name != "expired"]
    declared = ", ".join(f"{token(name, 'segment')}: Name {token(name, 'segmentname')}" for name in named)
    files["content/trending.yml"] = f"segments: {{{declared}, islands: Islands}}\n"
    for name, hiding in HIDING.items():
        files |= hidden_article(name, {} if name == public else hiding)
    later = header(title=f"Notice {token('notice', 'title')}", severity="info", start="2027-03-01", end="2027-03-02")
    files["content/announcements/later.md"] = later + f"Text {token('notice', 'body')}.\n"
    return write(root, files)


def publish(root: Path, staff: bool = False) -> Path:
    site = open_site(root, store=Store(root / ".kb"), staff=staff)
    with Publication.of(site.project.settings, root / "site", staff=staff) as publication:
        build(site, publication)
    return root / "site"


def forms(path: str, data: bytes) -> Iterator[str]:
    """Everything a file can be read as."""
    unpacked = [data]
    for unpack in (gzip.decompress, zlib.decompress, lambda packed: zlib.decompress(packed, -15)):
        try:
            unpacked.append(unpack(data))
        except (OSError, zlib.error, EOFError):
            continue
    yield path
    for raw in unpacked:
        text = raw.decode("utf-8", "replace")
        for form in (text, html.unescape(text), unquote(text), html.unescape(unquote(text))):
            yield form.lower()
        yield raw.decode("utf-16-le", "replace").lower()


def seen_in(folder: Path) -> str:
    root = folder.resolve()
    return "\n".join(
        form
        for path in sorted(root.rglob("*"))
        if path.is_file()
        for form in forms(path.relative_to(root).as_posix().lower(), path.read_bytes())
    )


def files_of(folder: Path) -> list[str]:
    root = folder.resolve()
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_no_token_of_anything_unreleased_is_anywhere(tmp_path: Path) -> None:
    seen = seen_in(publish(hostile(tmp_path)))
    assert "a plain answer" in seen
    assert "islands" in seen
    found = [word for word in seen.replace("\n", " ").split() if "zq" in word and "7x" in word]
    assert found == []


@pytest.mark.parametrize("name", HIDING)
def test_once_released_every_way_in_shows_its_token(name: str, tmp_path: Path) -> None:
    seen = seen_in(publish(hostile(tmp_path, public=name)))
    fields = SHOWN_FIELDS if name == "expired" else (*SHOWN_FIELDS, "segment", "segmentname")
    missing = [field for field in fields if token(name, field) not in seen]
    assert missing == []
    others = [other for other in HIDING if other != name and f"zq{other}" in seen]
    assert others == []


def test_staff_see_what_is_for_staff_and_nothing_else(tmp_path: Path) -> None:
    seen = seen_in(publish(hostile(tmp_path), staff=True))
    for shown in (("staff", "body"), ("block", "title"), ("block", "body"), ("note", "body")):
        assert token(*shown) in seen
    assert [name for name in HIDING if name != "staff" and f"zq{name}" in seen] == []
    assert token("mention", "text") not in seen


def test_a_note_for_staff_changes_no_byte_of_the_public_site(tmp_path: Path) -> None:
    root = hostile(tmp_path)
    path = root / "content/articles/faq/open/split.md"
    before = {file: (root / "site" / file).read_bytes() for file in files_of(publish(root))}
    text = path.read_text()
    path.write_text(text.replace(token("block", "body"), "other words, and more of them").replace("Note zq", "Nota zq"))
    after = {file: (root / "site" / file).read_bytes() for file in files_of(publish(root))}
    assert after == before
    without = text[: text.index("!!! staff")] + text[text.index("More.") :]
    path.write_text("".join(line for line in without.splitlines(True) if not line.startswith("staff:")))
    assert {file: (root / "site" / file).read_bytes() for file in files_of(publish(root))} == before


def test_replies_hold_nothing_for_staff(tmp_path: Path) -> None:
    replies = (publish(hostile(tmp_path), staff=True) / "api/replies.json").read_text()
    assert "A split answer." in replies
    assert [name for name in ("block", "note") if f"zq{name}" in replies] == []


@pytest.mark.parametrize("name", ["block", "note"])
def test_the_audit_finds_a_note_for_staff_that_a_template_publishes(name: str, tmp_path: Path) -> None:
    root = hostile(tmp_path)
    put(root, "mkdocs.yml", (root / "mkdocs.yml").read_text().replace("  font: false", "  custom_dir: mine"))
    put(root, "mine/contact.html", f"<!doctype html><p>{token(name, 'body')}</p>")
    with pytest.raises(LeakError):
        publish(root)
    assert not (root / "site").exists()


def test_a_template_that_leaks_is_caught_and_nothing_is_published(tmp_path: Path) -> None:
    """The audit shares nothing with the gate: what the gate lets through is found in the finished files."""
    root = hostile(tmp_path)
    put(root, "mkdocs.yml", (root / "mkdocs.yml").read_text().replace("  font: false", "  custom_dir: mine"))
    put(root, "mine/contact.html", f"<!doctype html><p>Body {token('draft', 'body')} text.</p>")
    with pytest.raises(LeakError) as caught:
        publish(root)
    assert caught.value.exit_code == 3
    assert "contact/index.html" in str(caught.value)
    assert not (root / "site").exists()


def test_an_article_whose_header_is_broken_is_withheld_and_stops_the_build(tmp_path: Path) -> None:
    root = hostile(tmp_path)
    before = seen_in(publish(root))
    put(
        root, "content/articles/faq/open/broken.md", f"---\nid: broken\ntitle: [{token('broken', 'title')}\n---\nText\n"
    )
    with pytest.raises(InputError):
        publish(root)
    assert seen_in(root / "site") == before


def test_a_word_of_fewer_than_five_customers_changes_no_byte_of_the_site(tmp_path: Path) -> None:
    names = ("parcel", "refund", "password", "invoice", "voucher", "warranty")
    write(tmp_path, {name: article(name, f"About the {name}", answer=f"All about a {name}.") for name in names})

    def published(customers: int) -> dict[str, bytes]:
        rows = [
            f"{number},2026-11-{1 + number % 20:02}T10:00:00Z,email,customer-{number},"
            f"please help with my {name} today{word},{name}"
            for at, name in enumerate(names)
            for number in range(300 * at, 300 * at + 300)
            for word in [" zqcanary rarely" if name == "refund" and number % 300 < customers else ""]
        ]
        put(tmp_path, "content/mentions/export.csv", "\n".join(["id,time,channel,customer_id,text,article_id", *rows]))
        return {file: (tmp_path / "site" / file).read_bytes() for file in files_of(publish(tmp_path))}

    without = published(0)
    assert published(4) == without
    assert "zqcanary" not in seen_in(tmp_path / "site")
    assert published(60) != without
