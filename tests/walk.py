"""Editors at work on a help centre, and what a reader gets at every address they ever published."""

import hashlib
import html
import json
import posixpath
import random
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from kb_builder.commands.build import build
from kb_builder.content.redirect_chains import Gone
from kb_builder.editing.content_root import ContentRoot
from kb_builder.editing.moves import move
from kb_builder.editing.redirect_lines import add_lines
from kb_builder.editing.removal import remove
from kb_builder.errors import InputError
from kb_builder.publishing.publication import Publication
from kb_builder.system.store import Store
from tests.centres import NOW, article, open_site, put, write

LONDON = ZoneInfo("Europe/London")
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="20"/>'
_IDS = re.compile(r'\sid="([^"]+)"')
_HEADINGS = re.compile(r'<h[2-6][^>]*\sid="(?!kb-)([^"]+)"')
_ARTICLE = re.compile(r' data-article="([^"]+)"')
_ANCHORS = re.compile(r' data-anchors="([^"]*)"')
_FILES = re.compile(r'(?:src|href)="(?:\.\./)*((?:media|downloads)/[0-9a-f]{12}/[^"]+)"')
_DECISIVE = re.compile(
    r'<(?:h1|body|html|meta http-equiv|link rel="canonical"|a id="kb--target")[^>]*>|<script.*?</script>'
    r'|\s(?:id|name|data-[a-z]+)="(?!kb--related|kb--letter)[^"]*"|kb-page--[a-z]+',
    re.DOTALL,
)
"""Not the ids of headings of lists, which no script reads and which come and go on every page with a new topic."""
_TARGET = re.compile(r'<a id="kb--target" href="([^"]*)"')


class Published:
    """What a reader of the published folder, as it is now, gets at an address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._texts: dict[str, str | None] = {}
        self._parts: dict[str, list[str]] = {}

    def read(self, url: str) -> str | None:
        if url not in self._texts:
            path = self.folder / (f"{url}index.html" if not url or url.endswith("/") else url)
            self._texts[url] = path.read_text(errors="replace") if path.is_file() else None
        return self._texts[url]

    def _decisive_parts(self, url: str) -> list[str]:
        if url not in self._parts:
            self._parts[url] = _DECISIVE.findall(self.read(url) or "")
        return self._parts[url]

    def addresses(self) -> dict[str, str]:
        """Every address of the site → id of the article it belongs to, or empty. Theme and search are not linked to."""
        found: dict[str, str] = {}
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder).as_posix()
            inside = name.startswith(("assets/", "_", ".", "robots.txt")) or "search/index/" in name
            if not path.is_file() or inside or name.endswith("404.html"):
                continue
            url = name.removesuffix("index.html")
            text = path.read_text(errors="replace") if name.endswith(".html") else ""
            owner = _ARTICLE.search(text)
            found.setdefault(url, owner[1] if owner else "")
            if owner:
                found |= dict.fromkeys(_FILES.findall(text), owner[1])
                if "kb-untranslated" in text:
                    continue  # Of a text in another language no anchor is promised: it is translated one day.
                first = name.partition("/")[0]
                folder = f"{first}/" if (self.folder / first / "404.html").is_file() else ""
                for anchor in _HEADINGS.findall(text):  # the theme's own begin with kb-
                    for place in (url, f"{folder}a/{owner[1]}/"):
                        found[f"{place}#{html.unescape(anchor)}"] = owner[1]
        return found

    def answer(self, address: str, owner: str = "") -> str:
        """``page``, ``redirect`` or ``notice``; anything else is what is wrong."""
        url, _, anchor = address.partition("#")
        text = self.read(url)
        if text is None:
            return "nothing is there"
        if not url.endswith(("/", ".html")) and url:
            return "page"
        passed, anchor = self.passed(address)
        (*_, (url, text)), hops = passed, len(passed) - 1
        if text is None:
            return f"leads to /{url}, where nothing is"
        if hops > 1:
            return f"{hops} redirects"
        if "kb-page--withdrawn" in text:
            return "notice"
        shown = _ARTICLE.search(text)
        known = {html.unescape(one) for one in _IDS.findall(text)}
        if anchor and shown and shown[1] == owner and anchor not in known and not self._moved(text, anchor):
            return f"opens {owner} without #{anchor}"
        return "redirect" if hops else "page"

    def passed(self, address: str) -> tuple[list[tuple[str, str | None]], str]:
        """URL and text of each page that a reader is led over, the last of which is shown; and the anchor there."""
        url, _, anchor = address.partition("#")
        passed = [(url, self.read(url))]
        while (text := passed[-1][1]) is not None and (target := _TARGET.search(text)):
            there = self._moved(text, anchor) or html.unescape(target[1])
            path, mark, fragment = there.partition("#")
            url = posixpath.normpath(posixpath.join(url or ".", path)) + "/" if path else url
            url = "" if url == "./" else url
            anchor = unquote(fragment) if mark else anchor
            passed.append((url, self.read(url)))
        return passed, anchor

    def leads_on(self, url: str) -> bool:
        """Whether the page there leads to another one, for some anchor or for all."""
        text = self.read(url) or ""
        return bool(_TARGET.search(text) or _ANCHORS.search(text))

    def decisive(self, address: str) -> str:
        """A hash of all that decides what a browser does at an address: of each page passed the ids, what its scripts
        read, where it leads, its kind and its headings of the first level."""
        parts = [(url, self._decisive_parts(url)) for url, _ in self.passed(address)[0]]
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @staticmethod
    def _moved(text: str, anchor: str) -> str:
        found = _ANCHORS.search(text)
        anchors = json.loads(html.unescape(found[1])) if found else {}
        return str(anchors.get(anchor, ""))


class Editors:
    """Editors at work on a help centre, some of them carefully and some not."""

    def __init__(self, root: Path, seed: int, articles: int) -> None:
        self.root, self.chance, self.count = root, random.Random(seed), articles
        self.serial = 0
        self.strayed: set[str] = set()
        """Ids of withdrawn articles whose files were renamed by mistake: to publish one again is the mistake."""
        files: dict[str, str | bytes] = {}
        for number in range(articles):
            folder = f"faq/topic-{number % 4}"
            files[f"{folder}/number-{number}"] = self.text(f"number-{number}")
            files[f"content/articles/{folder}/map-{number}.svg"] = PICTURE.format(number + 10)
            files[f"content/articles/{folder}/form-{number}.csv"] = f"Form,{number}\n"
        write(root, files)

    def text(self, id: str) -> str:
        number = id.rpartition("-")[2]
        files = f"![A map](map-{number}.svg) [A form](form-{number}.csv)"
        body = f"Text of {id}.\n\n{files}\n\n## Первое\n\nOne.\n\n## What to do\n\nTwo {id}.\n"
        return article(id, f"How do I do {id}?", body)

    @property
    def files(self) -> list[Path]:
        return sorted((self.root / "content/articles").rglob("*.md"))

    def some(self) -> Path:
        return self.chance.choice(self.files)

    def fresh(self, prefix: str) -> str:
        self.serial += 1
        return f"{prefix}-{self.serial}"

    @staticmethod
    def id_of(path: Path) -> str:
        found = re.search(r"^id: (.+)$", path.read_text(), re.MULTILINE)
        assert found
        return found[1]

    @staticmethod
    def is_withdrawn(path: Path) -> bool:
        return re.search(r"^(draft|audience|expiry_date): ", path.read_text(), re.MULTILINE) is not None

    def name(self, path: Path) -> str:
        return path.relative_to(self.root / "content/articles").as_posix()

    def edit(self) -> tuple[str, str]:
        """Does one thing; returns its name, and for a mistake what a refusal must name."""
        done = self.chance.choice((
            self.rename, self.rename, self.move_folder, self.retitle, self.withdraw, self.publish_again, self.remove,
            self.merge, self.split, self.change_heading, self.repeat_heading, self.add, self.replace_file,
            self.delete_by_mistake, self.repeat_heading_by_mistake,
            self.rename_by_mistake, self.change_id_by_mistake, self.change_heading_by_mistake, self.swap_ids_by_mistake,
        ))  # fmt: skip
        return done.__name__, done() or ""

    def rename(self) -> None:
        path = self.some()
        folder = self.chance.choice((path.parent.name, "topic-0", self.fresh("topic")))
        move(ContentRoot(self.root, LONDON), self.name(path), f"faq/{folder}/{self.fresh('renamed')}.md")

    def move_folder(self) -> None:
        folder = self.some().parent
        move(ContentRoot(self.root, LONDON), self.name(folder), f"faq/{self.fresh('moved')}")

    def retitle(self) -> None:
        path = self.some()
        path.write_text(re.sub(r"^title: .+$", f"title: {self.fresh('Title')}", path.read_text(), flags=re.MULTILINE))

    def withdraw(self) -> None:
        path = self.some()
        state = self.chance.choice(("draft: true", "audience: staff", "expiry_date: 2026-03-03"))
        if (
            "draft:" not in path.read_text()
            and "audience:" not in path.read_text()
            and "expiry" not in path.read_text()
        ):
            path.write_text(path.read_text().replace("title:", f"{state}\ntitle:", 1))

    def publish_again(self) -> str:
        for path in self.files:
            text = re.sub(r"^(draft|audience|expiry_date): .+\n", "", path.read_text(), flags=re.MULTILINE)
            if text != path.read_text():
                path.write_text(text)
                return path.name if self.id_of(path) in self.strayed else ""
        return ""

    def remove(self) -> None:
        path, other = self.chance.sample(self.files, 2)
        why = Gone("", self.id_of(other), date(2026, 11, 21)) if self.chance.random() < 0.5 else Gone("It is over.")
        remove(ContentRoot(self.root, LONDON), self.id_of(path), why)

    def merge(self) -> None:
        path, other = self.chance.sample(self.files, 2)
        add_lines(
            self.root, {self.id_of(path): self.id_of(other)} | dict.fromkeys(self.old_urls(path), self.id_of(other))
        )
        path.unlink()

    def old_urls(self, path: Path) -> list[str]:
        found = re.search(r"^redirect_from: \[(.+)\]$", path.read_text(), re.MULTILINE)
        return [part.strip() for part in found[1].split(",")] if found else []

    def split(self) -> None:
        path, id = self.some(), self.fresh("split")
        head, heading, rest = path.read_text().rpartition("\n## ")
        anchor = heading and re.fullmatch(r"What to do", rest.partition("\n")[0])
        if anchor and "Text of" in head:
            put(self.root, f"content/articles/faq/splits/{id}.md", article(id, body=f"## {rest}"))
            path.write_text(head)
            add_lines(self.root, {f"{self.id_of(path)}#what-to-do": f"{id}#what-to-do"})

    def change_heading(self) -> None:
        path, words = self.some(), self.fresh("Words")
        if "## Первое\n" in path.read_text():
            path.write_text(path.read_text().replace("## Первое\n", f"## {words}\n"))
            add_lines(self.root, {f"{self.id_of(path)}#первое": f"{self.id_of(path)}#{words.lower()}"})

    def repeat_heading(self) -> None:
        self.insert_heading(self.some(), "## What to do {#what-to-do}\n")

    def insert_heading(self, path: Path, old: str) -> bool:
        """Inserts a section above the one about what to do, with the same heading."""
        text, known = path.read_text(), "\n## What to do\n"
        repeats = known in text and "{#what-to-do}" not in text
        if repeats:
            path.write_text(text.replace(known, f"{known}\nNew {self.fresh('section')}.\n\n{old}", 1))
        return repeats

    def add(self) -> None:
        id = self.fresh("new")
        put(self.root, f"content/articles/faq/topic-1/{id}.md", article(id, body="## Its part\n\nNew.\n"))

    def replace_file(self) -> None:
        files = sorted((self.root / "content/articles").rglob("*-*.[sc][vs][gv]"))
        file, fresh = self.chance.choice(files), self.fresh("1").replace("-", "")
        file.write_text(PICTURE.format(fresh) if file.suffix == ".svg" else f"Form,{fresh}\n")

    def delete_by_mistake(self) -> str:
        path = self.some()
        id = self.id_of(path)
        path.unlink()
        return id

    def rename_by_mistake(self) -> str:
        path = self.some()
        if self.is_withdrawn(path):
            self.strayed.add(self.id_of(path))
        path.rename(path.with_name(f"{self.fresh('by-mistake')}.md"))
        return self.name(path).removesuffix(".md")

    def change_id_by_mistake(self) -> str:
        path = self.some()
        old = self.id_of(path)
        path.write_text(path.read_text().replace(f"id: {old}\n", f"id: {self.fresh('other')}\n", 1))
        return old

    def change_heading_by_mistake(self) -> str:
        path = self.some()
        text = path.read_text()
        if self.is_withdrawn(path) or "\n## What to do\n" not in text:
            return ""
        path.write_text(path.read_text().replace("## What to do", f"## {self.fresh('Changed')}"))
        return "#what-to-do"

    def repeat_heading_by_mistake(self) -> str:
        path = self.some()
        done = not self.is_withdrawn(path) and self.insert_heading(path, "## What to do\n")
        return "#what-to-do" if done else ""

    def swap_ids_by_mistake(self) -> str:
        one, other = self.chance.sample(self.files, 2)
        first, second = self.id_of(one), self.id_of(other)
        one.write_text(one.read_text().replace(f"id: {first}\n", f"id: {second}\n", 1))
        other.write_text(other.read_text().replace(f"id: {second}\n", f"id: {first}\n", 1))
        return first


def build_public(root: Path) -> str:
    """Builds and publishes; returns why it was refused, or nothing."""
    site = open_site(root, NOW, store=Store(root / ".kb"))
    try:
        with Publication.of(site.project.settings, root / "site") as publication:
            build(site, publication, clock_given=True)
    except InputError as error:
        return str(error)
    return ""


def snapshot(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in (root / "content").rglob("*") if path.is_file()
    }


def restore(root: Path, files: dict[str, bytes]) -> None:
    for path in [path for path in (root / "content").rglob("*") if path.is_file()]:
        if path.relative_to(root).as_posix() not in files:
            path.unlink()
    for name, data in files.items():
        put(root, name, data)


def check(root: Path, ever: dict[str, str], context: object) -> None:
    site = Published(root / "site")
    now = site.addresses()
    ever |= {address: owner for address, owner in now.items() if address not in ever}
    live = set(now.values())
    wrong = {
        address: said for address, owner in ever.items()
        if (said := site.answer(address, owner)) not in ("page", "redirect", "notice")
        # The files of what is withdrawn are gone.
        and not (address.startswith(("media/", "downloads/")) and owner not in live)
    }  # fmt: skip
    assert not wrong, (context, wrong)


def walk(root: Path, editors: Editors, steps: int) -> Iterator[tuple[int, str, str]]:
    """Edits ``steps`` times and publishes; yields the step, what was done, and the refusal or nothing.

    What was refused, and must have been, is put back.
    """
    for step in range(steps):
        before = snapshot(root)
        try:
            name, mistake = editors.edit()
        except InputError:
            restore(root, before)  # a name that is taken
            continue
        refusal = build_public(root)
        if refusal:
            assert mistake, (step, name, refusal)
            assert mistake in refusal, (step, name)
            restore(root, before)
        yield step, name, refusal
