"""Writes the example pages with the real templates and assets, without the pipeline around them."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment

from kb_builder.content.interface_language import Language
from kb_builder.content.interface_words import ENGLISH, files_of, read_words
from kb_builder.pages.elements import PinCard, Site
from kb_builder.pages.page import Page
from kb_builder.rendering.brand import DEFAULT, brand_of, colour, tokens_in
from kb_builder.rendering.render import Renderer, environment
from kb_builder.rendering.theme_assets import TOKENS, Assets, ScriptLanguage, collect
from kb_builder.support.channel_query import words_for
from kb_builder.support.channel_text import LIMITS
from search_index import Document, Section, analyse, browser_scripts, build_index
from tests.browser.example_pages import Example, examples, hostile_examples
from tests.browser.example_shop import HOSTILE_SITE, PINS, SITE, TEASERS
from tests.browser.example_staff import INTERNAL, NOTES, REPLIES

ROOT = Path(__file__).parents[2]


def contents(folder: Path) -> dict[str, bytes]:
    """Files of a folder by relative POSIX path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@cache
def language_of(code: str) -> Language:
    theme = contents(ROOT / "theme")
    known = json.loads(theme[ENGLISH])
    words = [read_words(theme[name], name, known, code)[0] for name in files_of(code) if name in theme]
    return Language(code, known | {english: word for found in words for english, word in found.items()})


@cache
def assets(primary: str = DEFAULT, code: str = "en") -> Assets:
    theme = contents(ROOT / "theme")
    brand = brand_of(colour(primary), tokens_in(theme[TOKENS].decode()))
    return collect(theme, browser_scripts(), brand, ScriptLanguage(language_of(code).words, (), words_for(code)))


def write_examples(folder: Path, primary: str = DEFAULT, **changes: object) -> None:
    """The believable site in ``folder``, the hostile one in ``folder/hostile``. ``changes`` apply to :class:`Site`."""
    site, hostile = replace(SITE, **changes), replace(HOSTILE_SITE, **changes)  # type: ignore[arg-type]
    language = language_of(site.language)
    site = replace(site, contact=language.contact(site.contact))
    made = assets(primary, site.language)
    files: dict[str, bytes] = dict(made.files) | search_files()
    files["search/happening.json"] = json.dumps({"pins": [pin_data(pin) for pin in PINS]}).encode()
    files["api/replies.json"] = json.dumps({"limits": LIMITS, "articles": [*REPLIES, INTERNAL]}).encode()
    files["api/notes.json"] = json.dumps({"notes": NOTES}).encode()
    for example in examples():
        files[example.file] = render(example, site, made, language)
    for example in hostile_examples():
        files[example.file] = render(example, hostile, made, language)
    write(folder, files)


@cache
def search_files() -> dict[str, bytes]:
    """A real index of the example articles."""
    documents = [
        Document(item.id, item.url, item.title, item.answer, sections=(Section("", "", item.answer),))
        for item in TEASERS
    ]
    made = build_index([analyse(document, language="en") for document in documents], language="en")
    return {f"search/{name}": content for name, content in made.files.items()}


def pin_data(pin: PinCard) -> dict[str, str | None]:
    return {"title": pin.title, "url": pin.url, "segment": pin.segment, "until": pin.until.isoformat()}


@cache
def templates() -> Environment:
    return environment([str(ROOT / "theme")])


def render(example: Example, site: Site, made: Assets, language: Language) -> bytes:
    url = example.file.removesuffix("index.html")
    page = Page(example.file, url, f"{example.kind}.html", indexed=True, inputs="", make=lambda _: example.page)
    return Renderer(templates(), site, made, language).render(page)


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
