"""Bodies and outlines, made once and kept."""

from pathlib import Path

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
