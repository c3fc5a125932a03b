"""What the linter says of a whole help centre."""

from pathlib import Path

import pytest

from kb_builder.commands.build import build
from kb_builder.commands.check import check
from kb_builder.errors import PublishError
from kb_builder.pipeline.site import Site
from kb_builder.publishing.publication import Publication
from tests.centres import MKDOCS, SMALL, article, open_site, put, write


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(write(tmp_path, SMALL))


def test_colours_that_cannot_be_read_are_named(site: Site) -> None:
    assert not [finding for finding in site.theme.findings if finding.code == "low-contrast"]
    site.theme.colours = {**site.theme.colours, "light": {**site.theme.colours["light"], "ink-soft": "#aaaaaa"}}
    (found,) = {finding.message for finding in site.theme.findings if "ink-soft on paper (" in finding.message}
    assert found == "ink-soft on paper (light): contrast is 2.32, must be 4.5"


def test_a_light_brand_is_reported_and_an_unknown_one_is_an_error(tmp_path: Path) -> None:
    def codes(brand: str) -> dict[str, str]:
        settings = MKDOCS.replace("- kb", f"- kb: {{brand: {brand!r}}}")
        root = write(tmp_path, SMALL, mkdocs=settings)
        found = open_site(root).findings
        return {finding.code: str(finding.severity) for finding in found}

    assert codes("#ffec3d")["brand-darkened"] == "note"
    assert codes("mauve-ish")["bad-brand"] == "error"


@pytest.mark.parametrize(
    ("code", "line", "place"),
    [
        ("bad-brand", "      brand: mauve-ish", "plugin"),
        ("brand-darkened", '      brand: "#ffec3d"', "plugin"),
        ("bad-brand", "  palette: {primary: tael}", "theme"),
        ("unreadable-file", "  logo: pictures/none.svg", "theme"),
        ("unreadable-file", "  favicon: pictures/none.png", "theme"),
        ("unknown-language", "  language: xq", "theme"),
    ],
)
def test_a_finding_about_a_setting_names_its_line(tmp_path: Path, code: str, line: str, place: str) -> None:
    above = "- kb" if place == "plugin" else "  font: false"
    settings = MKDOCS.replace(above, f"{above}{':' * (place == 'plugin')}\n{line}")
    (found,) = {one for one in open_site(write(tmp_path, SMALL, mkdocs=settings)).findings if one.code == code}
    assert settings.splitlines()[found.line - 1] == line


BROKEN = "---\nid: broken\ntitel: Oops\n---\n\nText.\n"
QUERIES = "text,article_id\nwhere is my parcel,track-an-order\nzebra,refunds\nbroken,broken\n"


def test_an_error_in_one_article_hides_nothing_about_the_others(tmp_path: Path) -> None:
    floors = MKDOCS.replace("- kb", "- kb: {search: {floor: {success_at_1: 0.9}}}")
    root = write(tmp_path, {**SMALL, "content/search-queries.csv": QUERIES}, mkdocs=floors)
    put(
        root, "content/articles/faq/same.md", article("same", "Where is my parcel?", "Follow the link in our e-mail.\n")
    )
    put(root, "content/articles/faq/broken.md", BROKEN)
    found = check(open_site(root))
    codes = {finding.code for finding in found}
    assert {"unknown-key", "search-floor"} <= codes
    # The article is there; it only can't be read.
    assert "unknown-article" not in codes


def test_an_error_of_an_article_hides_no_wrong_anchor_of_a_redirect(tmp_path: Path) -> None:
    redirects = "old/page/: track-an-order#nowhere\n"
    root = write(tmp_path, {**SMALL, "content/redirects.yml": redirects, "content/articles/faq/broken.md": BROKEN})
    told = [(one.path, one.line) for one in check(open_site(root)) if one.code == "unknown-target"]
    assert told == [("content/redirects.yml", 1)]


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("id: broken\ntitel: Oops", ""),
        ("id: broken\ntitle: a: b", ""),
        ("id: broken\ntitle: A title", "Say what to do, in steps.\n\n"),
        ("id: track-an-order\ntitle: Twin", ""),
        ("title: In German\nid: [1]", "!!! staff\n    Hidden.\n\n"),
    ],
)
def test_an_error_of_an_article_hides_nothing_of_its_body(tmp_path: Path, header: str, body: str) -> None:
    root = write(tmp_path, SMALL)
    wrong = "[gone](gone.md)\n\nCall <phone number>.\n"
    put(root, "content/articles/faq/z-broken.md", f"---\n{header}\n---\n{body}{wrong}")
    put(root, "content/articles/faq/z-draft.md", f"---\ntitel: Oops\ndraft: true\n---\n{wrong}")
    found = [finding for finding in check(open_site(root)) if finding.path.rpartition("/")[2].startswith("z-")]
    line = 5 + body.count("\n")
    told = {(one.path[21:], one.line, one.code) for one in found if one.code in ("broken-link", "unknown-tag")}
    assert told == {("z-broken.md", line, "broken-link"), ("z-broken.md", line + 2, "unknown-tag")}


def test_a_query_of_an_article_with_an_error_says_nothing_about_search(tmp_path: Path) -> None:
    floors = MKDOCS.replace("- kb", "- kb: {search: {floor: {success_at_1: 0.9}}}")
    root = write(tmp_path, {**SMALL, "content/search-queries.csv": "text,article_id\nbroken,broken\n"}, mkdocs=floors)
    put(root, "content/articles/faq/broken.md", BROKEN)
    assert not [finding for finding in check(open_site(root)) if finding.path == "content/search-queries.csv"]


@pytest.mark.parametrize("path", ["content/contact.yml", "content/trending.yml", "content/synonyms/en.txt"])
def test_a_settings_file_that_cannot_be_read_is_reported_once(tmp_path: Path, path: str) -> None:
    root = write(tmp_path, {**SMALL, "faq/broken": BROKEN})
    put(root, path, "[\n" if path.endswith("yml") else "=> =>\n")
    found = check(open_site(root))
    assert {finding.path for finding in found if finding.severity == "error"} >= {
        path,
        "content/articles/faq/broken.md",
    }
    assert len({(finding.path, finding.line, finding.message) for finding in found}) == len(found)


@pytest.mark.parametrize(
    "folder", ["content", "content/mentions", ".", "..", ".git", ".git/site", ".kb", "foreign", "ours"]
)
def test_a_folder_in_which_kb_build_would_not_publish_is_reported(tmp_path: Path, folder: str) -> None:
    root = write(tmp_path / "centre", SMALL, mkdocs=f"{MKDOCS}site_dir: {folder}\n")
    put(root, "foreign/own.txt", "own")
    found = [finding for finding in check(open_site(root)) if finding.code == "refused-target"]
    if folder == "ours":
        assert not found
        return
    with pytest.raises(PublishError) as caught, Publication(root / folder, project=root, content=root / "content"):
        pass
    assert [(one.line, caught.value.problem in one.message) for one in found] == [(MKDOCS.count("\n") + 1, True)]


def test_the_published_site_is_looked_at_when_the_content_has_errors(tmp_path: Path) -> None:
    root = write(tmp_path, SMALL)
    site = open_site(root)
    with Publication.of(site.project.settings, root / "site") as publication:
        build(site, publication)
    page = (root / "site/faq/orders/track-an-order/index.html").resolve()
    page.write_text(page.read_text().replace("parcel", "packet"))
    put(root, "content/articles/faq/broken.md", BROKEN)
    assert {"unknown-key", "changed-by-hand"} <= {finding.code for finding in check(open_site(root))}


def test_an_article_that_many_ask_for_in_few_phrasings_is_noted(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "asked": article("asked", asked_as=["one way"]),
            "phrased": article("phrased", asked_as=["one", "two", "three"]),
            "quiet": article("quiet"),
        },
    )
    rows = [f"{id}{n},2026-11-{10 + n % 10},c{n},,{id}" for id in ("asked", "phrased") for n in range(60)]
    rows += [f"quiet{n},2026-11-15,c{n},,quiet" for n in range(9)]
    put(tmp_path, "content/mentions/export.csv", "\n".join(["id,time,customer_id,text,article_id", *rows]))
    (noted,) = [finding for finding in check(open_site(tmp_path)) if finding.code == "few-phrasings"]
    assert noted.path == "content/articles/asked.md"
    assert noted.message == "60 customers asked about this in four weeks, and `asked_as` has a phrasing"
    assert noted.hint == "kb suggest asked offers theirs"


def test_a_link_of_an_answer_that_would_run_a_script_is_reported_with_its_line(tmp_path: Path) -> None:
    text = "---\nid: sly\ntitle: A sly link?\nanswer: You can [look](javascript:go()) here.\n---\n\nText.\n"
    root = write(tmp_path, {**SMALL, "content/articles/faq/sly.md": text})
    (found,) = [finding for finding in check(open_site(root)) if finding.code == "refused-link"]
    assert (found.path, found.line) == ("content/articles/faq/sly.md", 4)
    assert found.message == '"javascript:" links are removed'


def test_each_language_has_questions_of_its_own(tmp_path: Path) -> None:
    floors = MKDOCS.replace("- kb", "- kb: {languages: [en, de], search: {floor: {success_at_1: 0.9}}}")
    files = {
        **SMALL,
        "faq/orders/track-an-order.de": "# Wo ist mein Paket?\n\nFolgen Sie dem Link.\n",
        "content/search-queries.csv": "text,article_id\nhow do I cancel an order,cancel-an-order\n",
        "content/search-queries.de.csv": "text,article_id\nwo ist mein paket,track-an-order\n",
    }
    root = write(tmp_path, files, mkdocs=floors)
    assert "search-floor" not in {finding.code for finding in check(open_site(root))}
    put(root, "content/search-queries.de.csv", "text,article_id\nwo ist mein paket,cancel-an-order\nx,nobody\n")
    found = {
        finding.code: finding for finding in check(open_site(root)) if finding.path == "content/search-queries.de.csv"
    }
    assert found.keys() == {"search-floor", "unknown-article"}
    assert "kb eval content/search-queries.de.csv --language de" in found["search-floor"].hint
