"""Bodies and outlines, made once and kept."""

from pathlib import Path

import pytest
from material.extensions import emoji

from kb_builder.markdown.included import Included
from kb_builder.system.store import Store
from tests.centres import MKDOCS, SMALL, article, header, open_site, put, write

NOTICE = "content/announcements/2026-11-18-strike.md"
SHORT = {
    NOTICE: header(title="Strike", severity="warning") + "Parcels are *late*.\n",
    "faq/late": article("late", answer='"Ask [the carrier](https://carrier.example/)."'),
}
"""Texts that are no article's body."""


def test_a_site_of_which_everything_is_kept_makes_no_converter(tmp_path: Path) -> None:
    store = Store()
    for more, made in (SHORT, True), ({}, False), ({"faq/new": article("new")}, True):
        site = open_site(write(tmp_path, {**SMALL, **more}), store=store)
        assert len(site.pages) > len(SMALL)
        assert not [finding for finding in site.findings if finding.severity == "error"]
        assert ("converter" in vars(site.project.digests)) is made


def test_short_texts_are_kept_as_they_are_converted_now(tmp_path: Path) -> None:
    store = Store()
    write(tmp_path, {**SMALL, **SHORT}, mkdocs=MKDOCS + "markdown_extensions: [pymdownx.snippets]\n")
    for path, text in (
        (NOTICE, SHORT[NOTICE]),
        (NOTICE, header(title="Strike", severity="info", summary="Late.") + "Parcels are *late*.\n\n# Strike\n"),
        (NOTICE, header(title="Storm", severity="info") + 'Parcels are *late*.\n\n--8<-- "until.md"\n'),
        ("until.md", "Until [Monday](/nowhere/).\n"),
        ("until.md", "Until Tuesday.\n"),
        ("content/articles/faq/late.md", article("late", answer='"Ask *the carrier*."')),
        ("content/articles/faq/late.md", article("late", tags="[post]", answer='"Ask *the carrier*."')),
    ):
        put(tmp_path, path, text)
        kept, fresh = (open_site(tmp_path, store=one).bodies.links for one in (store, Store()))
        assert kept.notices == fresh.notices
        assert kept.answers == fresh.answers
        assert list(kept.findings()) == list(fresh.findings())


def test_icons_are_listed_when_a_text_names_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[str] = []
    listing = emoji.twemoji
    monkeypatch.setattr(emoji, "twemoji", lambda options, md: listed.append("") or listing(options, md))
    texts = {"plain": "It is 10:30.\n", "named": ":material-truck: :heart: :unknown:\n"}
    site = open_site(write(tmp_path, {f"faq/{id}": article(id, body=text) for id, text in texts.items()}))
    articles = {one.id: one for one in site.project.view.articles}
    assert "10:30" in site.project.digests.body(articles["plain"]).html
    assert not listed
    named = site.project.digests.body(articles["named"]).html
    assert "<svg" in named
    assert "\N{HEAVY BLACK HEART}" in named
    assert ":unknown:" in named


def test_an_article_is_looked_through_for_other_files_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    inputs = Included.inputs
    monkeypatch.setattr(Included, "inputs", lambda self, text: seen.append(text) or inputs(self, text))
    site = open_site(write(tmp_path, SMALL))
    assert site.files
    assert len(seen) == len(site.project.view.articles)
