"""What is wrong with a page among the files of its site."""

import pytest

from kb_builder.audit.file_facts import Facts
from kb_builder.audit.page_findings import REQUESTS, StagedSite
from kb_builder.errors import Severity

URL = "https://help.example.com/help/"


def page(**changes: object) -> Facts:
    whole = {
        "size": 1000,
        "html": True,
        "language": "en",
        "title": "T",
        "described": True,
        "contact": True,
        "levels": (1, 2),
    }
    return Facts(**{**whole, **changes})  # type: ignore[arg-type]


FILES = {
    "index.html": page(),
    "404.html": page(),
    "faq/a/index.html": page(anchors=("how", "caf\u00e9")),
    "a/old/index.html": page(redirect=True, contact=False, described=False),
    "faq/b/index.html": page(),
    "faq/a.md": Facts(10),
    "faq/gr\u00fc\u00dfe/index.html": page(),
    "assets/kb.css": Facts(9000, loads=("pictures/x.png",)),
    "assets/pictures/x.png": Facts(4000),
    "assets/page.mjs": Facts(2000, loads=("./parts/one.mjs", "./parts/two.mjs")),
    "assets/parts/one.mjs": Facts(2000, loads=("./two.mjs",)),
    "assets/parts/two.mjs": Facts(2000, loads=("./one.mjs", "../page.mjs")),
}


def wire_size(path: str) -> int:
    return FILES[path].size


SITE = StagedSite(URL, FILES.keys(), FILES.__getitem__, wire_size)


def codes(path: str, found: Facts) -> list[str]:
    return [problem.code for problem in SITE.problems(path, found)]


def test_a_complete_page_has_no_problem() -> None:
    assert codes("faq/b/index.html", page()) == []


def test_an_anchor_that_is_not_there_is_not_used() -> None:
    """Whoever used one that is lost is examined again, with all other pages; a page with a finding always is."""
    site = StagedSite(URL, FILES.keys(), FILES.__getitem__, wire_size)
    list(site.problems("faq/b/index.html", page(links=("../a/#how", "../a/#why"))))
    assert site.uses.anchors == {("faq/a/index.html", "how")}


@pytest.mark.parametrize(
    ("change", "code", "severity"),
    [
        ({"language": ""}, "no-language", Severity.ERROR),
        ({"title": ""}, "no-title", Severity.ERROR),
        ({"contact": False}, "no-contact", Severity.ERROR),
        ({"described": False}, "no-description", Severity.WARNING),
        ({"levels": (2, 2)}, "not-one-h1", Severity.WARNING),
        ({"levels": (1, 1)}, "not-one-h1", Severity.WARNING),
        ({"levels": (1, 3)}, "heading-order", Severity.NOTE),
        ({"repeated": ("x",)}, "repeated-id", Severity.WARNING),
        ({"refused": ("onclick on <p>",)}, "refused-by-policy", Severity.WARNING),
        ({"loads": ("https://cdn.example.net/x.js",)}, "foreign-file", Severity.WARNING),
        ({"loads": ("../../assets/none.css",)}, "missing-file", Severity.WARNING),
        ({"links": ("../none/",)}, "broken-link", Severity.WARNING),
        ({"links": ("../a/#none",)}, "broken-anchor", Severity.WARNING),
        ({"links": ("#none",)}, "broken-anchor", Severity.WARNING),
    ],
)
def test_each_problem_is_a_finding(change: dict[str, object], code: str, severity: Severity) -> None:
    path = "faq/b/index.html"
    problems = [problem for problem in SITE.problems(path, page(**change)) if problem.code == code]
    assert [(problem.path, problem.severity) for problem in problems] == [(path, severity)]


def test_heading_order_may_go_back_up_by_any_number() -> None:
    assert codes("b/index.html", page(levels=(1, 2, 3, 4, 2, 3))) == []


def test_a_redirect_needs_no_contact_and_no_description() -> None:
    assert codes("a/old/index.html", FILES["a/old/index.html"]) == []


@pytest.mark.parametrize(
    "url",
    [
        "", "#", "#top", "?q=1", "../a/", "../a", "../a/#how", "../a/?x=1#caf%C3%A9", "../a/index.html", "../../",
        "../..", "./../a/", "../a.md", "../gr%C3%BC%C3%9Fe/", "../../a/old/#whatever", "/help/", "/help",
        "/help/faq/a/#how", URL, f"{URL}faq/a/#how", "../a/#:~:text=x", "mailto:a@b.example", "tel:+44",
        "sms:?&body=x", "https://other.example/x", "//other.example/x", "/elsewhere/",
    ],
)  # fmt: skip
def test_working_and_external_links(url: str) -> None:
    assert codes("faq/b/index.html", page(links=(url,))) == []


@pytest.mark.parametrize(
    "url", ["../../../", "../../../../x/", "/help/none/", f"{URL}none/", "../a/b/", "a.md", "../A/"]
)
def test_broken_links(url: str) -> None:
    assert codes("faq/b/index.html", page(links=(url,))) == ["broken-link"]


def test_other_files_are_checked_for_links_only() -> None:
    assert codes("sitemap.xml", Facts(1, links=(f"{URL}faq/a/", f"{URL}none/"))) == ["broken-link"]
    assert codes("x.css", Facts(1, loads=("none.png",))) == ["missing-file"]


def weight_findings(sent: int, **changes: object) -> list[tuple[str, Severity]]:
    """The findings about a page of which hosts send so many bytes, and for which a few more are noted."""
    weights = {path: facts.size for path, facts in FILES.items()} | {"faq/b/index.html": sent}
    site = StagedSite(URL, FILES.keys(), FILES.__getitem__, weights.__getitem__)
    found = site.problems("faq/b/index.html", page(size=sent + 500, **changes))
    return [(problem.code, problem.severity) for problem in found]


@pytest.mark.parametrize(("article", "limit"), [(True, 30_000), (False, 32_000)])
def test_a_page_is_too_heavy_by_what_hosts_send(article: bool, limit: int) -> None:
    assert weight_findings(limit, article=article) == []
    assert weight_findings(limit + 1, article=article) == [("too-heavy", Severity.WARNING)]


def test_weight_counts_each_loaded_file_once() -> None:
    loads = ("../../assets/kb.css", "../../assets/page.mjs")
    together = 9000 + 4000 + 3 * 2000
    assert weight_findings(32_000 - together, loads=loads) == []
    assert weight_findings(32_001 - together, loads=loads) == [("too-heavy", Severity.WARNING)]


def test_requests_count_the_page_itself() -> None:
    files = {f"p{number}.png": Facts(1) for number in range(REQUESTS)}
    site = StagedSite(URL, files.keys(), files.__getitem__, lambda _: 1)
    assert list(site.problems("index.html", page(loads=tuple(files)[:-1]))) == []
    assert [found.code for found in site.problems("index.html", page(loads=tuple(files)))] == ["too-many-requests"]
