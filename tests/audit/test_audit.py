"""The audit of a staged site, with results cached between builds."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.audit import audit as audit_module
from kb_builder.audit.audit import Plan, Report, audit, check_folder
from kb_builder.audit.leaks import Phrases
from kb_builder.errors import LeakError, PublishError
from kb_builder.model import Article
from kb_builder.publishing.history import Recorded
from kb_builder.publishing.staging import Staging
from kb_builder.system.store import Store

URL = "https://help.example.com/"
SECRET = "the courier will collect the broken kettle on Monday"
DRAFT = Article(id="recall", path="content/articles/recall.md", url="recall/", title="", body=SECRET, body_line=1)


def html(body: str) -> bytes:
    return (
        '<html lang="en"><head><title>T</title><meta name="description" content="d">'
        f'<link rel="stylesheet" href="/assets/kb.css"></head>'
        f'<body><h1>T</h1>{body}<section data-kb="contact">call</section></body></html>'
    ).encode()


SITE = {
    "index.html": html('<a href="a/#how">a</a> <a href="/b/">b</a>'),
    "a/index.html": html('<h2 id="how">How</h2>'),
    "b/index.html": html('<a href="../a/">a</a>'),
    "assets/kb.css": b"p {}",
    "sitemap.xml": f"<loc>{URL}a/</loc>".encode(),
}


class AuditedSite:
    """One site that is audited repeatedly with one cache; ``read`` lists the files that were examined."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.store = Store(folder / ".kb")
        self.read: list[str] = []
        self.withheld: list[Article] = []
        self.released: list[str] = []
        self.pages = {path for path in SITE if path.endswith(".html")}
        really = audit_module.facts_of_all

        def counted(files: Sequence[tuple[str, bytes]], spare: int = 0) -> list[audit_module.Facts]:
            self.read += (path for path, _ in files)
            return really(files, spare)

        monkeypatch.setattr(audit_module, "facts_of_all", counted)

    def stage(self, site: Mapping[str, bytes]) -> Mapping[str, Recorded]:
        staging = Staging(self.folder / "staging", self.folder)
        for path, data in site.items():
            staging.add(path, data)
        return staging.finish().files

    def plan(self) -> Plan:
        return Plan(URL, Phrases.of(self.withheld), lambda: self.released, "code", frozenset(self.pages))

    def audit(self, site: Mapping[str, bytes]) -> Report:
        self.read.clear()
        return audit(self.folder / "staging", self.stage(site), self.plan(), self.store)

    def codes(self, site: Mapping[str, bytes]) -> list[tuple[str, str]]:
        return [(finding.path, finding.code) for finding in self.audit(site).findings]


@pytest.fixture
def site_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AuditedSite:
    return AuditedSite(tmp_path, monkeypatch)


def test_a_sound_site_has_no_findings(site_audit: AuditedSite) -> None:
    assert site_audit.audit(SITE) == Report((), (), ())


def test_a_second_audit_reads_only_what_changed(site_audit: AuditedSite) -> None:
    site_audit.audit(SITE)
    assert site_audit.audit(SITE) == Report((), (), ())
    assert site_audit.read == []
    changed = {**SITE, "b/index.html": html('<a href="../none/">none</a>')}
    assert site_audit.codes(changed) == [("b/index.html", "broken-link")]
    assert site_audit.read == ["b/index.html"]


def test_findings_about_unchanged_files_are_repeated(site_audit: AuditedSite) -> None:
    broken = {**SITE, "b/index.html": html('<a href="../none/">none</a>')}
    site_audit.audit(broken)
    assert site_audit.codes({**broken, "a/index.html": html('<h2 id="how">How else</h2>')}) == [
        ("b/index.html", "broken-link")
    ]
    assert site_audit.read == ["a/index.html"]


def test_removing_a_target_breaks_links_of_unchanged_files(site_audit: AuditedSite) -> None:
    site_audit.audit(SITE)
    less = {path: data for path, data in SITE.items() if path != "a/index.html"}
    assert site_audit.codes(less) == [
        ("b/index.html", "broken-link"), ("index.html", "broken-link"), ("sitemap.xml", "broken-link"),
    ]  # fmt: skip
    assert site_audit.read == []


def test_removing_an_unreferenced_file_examines_no_other(
    site_audit: AuditedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site_audit.audit({**SITE, "search/index/t-1.bin": b"1"})
    staged = site_audit.stage({**SITE, "search/index/t-2.bin": b"2"})
    asked: list[str] = []
    get_many = Store.get_many

    def noted(store: Store, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        wanted = list(keys)
        asked.extend(wanted)
        return get_many(store, kind, wanted)

    monkeypatch.setattr(Store, "get_many", noted)
    audit(site_audit.folder / "staging", staged, site_audit.plan(), site_audit.store)
    assert 0 < len(asked) < len(SITE)


def test_removing_an_anchor_breaks_links_of_unchanged_files(site_audit: AuditedSite) -> None:
    site_audit.audit(SITE)
    assert site_audit.codes({**SITE, "a/index.html": html("")}) == [("index.html", "broken-anchor")]


def test_a_new_page_fixes_a_broken_link(site_audit: AuditedSite) -> None:
    early = {**SITE, "b/index.html": html('<a href="../c/">c</a>')}
    assert site_audit.codes(early) == [("b/index.html", "broken-link")]
    assert site_audit.codes({**early, "c/index.html": html("")}) == []


def test_a_link_with_line_feeds_leaves_the_cache_readable(site_audit: AuditedSite) -> None:
    odd = {**SITE, "b/index.html": html('<a href="/x%0A%0Ay">lost</a>')}
    first = site_audit.audit(odd)
    assert [finding.code for finding in first.findings] == ["broken-link"]
    assert site_audit.audit(odd) == first


PARTS = (
    '<h2 id="how">How</h2>', '<h2 id="why">Why</h2>', '<a href="/a/#how">a</a>', '<a href="../b/#why">b</a>',
    '<a href="../c/">c</a>', '<img src="/assets/x.png">', '<meta http-equiv="refresh" content="0; url=/a/">',
    "<script>go()</script>",
)  # fmt: skip
PAGES = st.lists(st.sampled_from(PARTS), max_size=4).map("".join).map(html)
OTHERS = {
    "assets/kb.css": [b"p {}", b"@import 'far.css'", b"p { background: url('x.png') }"],
    "assets/x.png": [b"x", bytes(range(256)) * 200],
}
SITES = st.fixed_dictionaries(
    {"index.html": PAGES},
    optional={f"{name}/index.html": PAGES for name in "abc"} | {path: st.sampled_from(OTHERS[path]) for path in OTHERS},
)


@given(st.lists(SITES, min_size=2, max_size=4))
def test_an_audit_after_changes_finds_what_one_from_nothing_does(sites: list[dict[str, bytes]]) -> None:
    with TemporaryDirectory() as folder:
        store, root = Store(), Path(folder, "staging")
        for site in sites:
            staging = Staging(root, Path(folder))
            for path, data in site.items():
                staging.add(path, data)
            files = staging.staged
            plan = Plan(URL, Phrases(()), list, "code", frozenset(files))
            assert audit(root, files, plan, store) == audit(root, files, plan, Store())
            shutil.rmtree(root)


def test_a_page_becomes_too_heavy_when_its_style_grows(site_audit: AuditedSite) -> None:
    site_audit.audit(SITE)
    picture = bytes(range(256)) * 300
    style = b'p { background: url("x.png") }'
    heavy = {**SITE, "assets/kb.css": style, "assets/x.png": picture}
    (found,) = site_audit.audit(heavy).findings
    assert found.code == "too-heavy"
    assert found.message.endswith("; 2 more pages are too heavy for the same reason")
    assert found.hint == "most of it: assets/x.png"


def test_a_page_becomes_too_heavy_when_a_file_that_its_style_loads_is_there(site_audit: AuditedSite) -> None:
    early = {**SITE, "assets/kb.css": b'p { background: url("x.png") }'}
    assert site_audit.codes(early) == [("assets/kb.css", "missing-file")]
    (found,) = site_audit.audit({**early, "assets/x.png": bytes(range(256)) * 300}).findings
    assert (found.code, found.hint) == ("too-heavy", "most of it: assets/x.png")


def test_a_leak_is_reported_again_in_the_next_build(site_audit: AuditedSite) -> None:
    site_audit.withheld = [DRAFT]
    leaking = {**SITE, "b/index.html": html(f"<p>{SECRET}.</p>")}
    for _ in range(2):
        with pytest.raises(LeakError) as caught:
            site_audit.audit(leaking)
        assert (
            "b/index.html contains “the courier will collect the broken kettle on monday” of content/articles/recall.md"
            in str(caught.value)
        )
    site_audit.released = [f"As we said, {SECRET}."]
    assert site_audit.audit(leaking).findings == ()


def test_unchanged_files_are_searched_for_a_withdrawn_article(site_audit: AuditedSite) -> None:
    shown = {**SITE, "b/index.html": html(f"<p>{SECRET}.</p>")}
    site_audit.audit(shown)
    site_audit.withheld = [DRAFT]
    with pytest.raises(LeakError):
        site_audit.audit(shown)


def test_fewer_phrases_need_no_new_scan(site_audit: AuditedSite) -> None:
    site_audit.withheld = [DRAFT]
    site_audit.audit(SITE)
    assert sorted(site_audit.read) == sorted(SITE)
    site_audit.withheld = []
    site_audit.audit(SITE)
    assert site_audit.read == []


def test_hashes_of_inline_code_come_from_every_page(site_audit: AuditedSite) -> None:
    inline = {**SITE, "a/index.html": html('<h2 id="how">How</h2><script>go()</script><style>b {}</style>')}
    first = site_audit.audit(inline)
    assert (len(first.scripts), len(first.styles)) == (1, 1)
    assert site_audit.audit({**inline, "b/index.html": html("")}) == first


def test_a_file_that_an_author_added_allows_itself_nothing(site_audit: AuditedSite) -> None:
    added = {**SITE, "media/0123456789ab/form.html": html("<script>go()</script><style>b {}</style>")}
    report = site_audit.audit(added)
    assert (report.scripts, report.styles) == ((), ())


def test_a_file_that_differs_from_what_was_staged_is_an_error(site_audit: AuditedSite) -> None:
    staged = site_audit.stage(SITE)
    (site_audit.folder / "staging/b/index.html").write_bytes(b"other")
    with pytest.raises(PublishError, match=r"b/index\.html has other bytes"):
        audit(site_audit.folder / "staging", staged, site_audit.plan(), site_audit.store)


def test_an_unreadable_file_is_an_error(site_audit: AuditedSite) -> None:
    staged = site_audit.stage(SITE)
    (site_audit.folder / "staging/b/index.html").unlink()
    with pytest.raises(PublishError, match="no such file"):
        audit(site_audit.folder / "staging", staged, site_audit.plan(), site_audit.store)
    with pytest.raises(PublishError, match="no such file"):
        check_folder(site_audit.folder / "none", staged)


def test_the_number_of_jobs_does_not_change_the_report(site_audit: AuditedSite, tmp_path: Path) -> None:
    many = {f"p{number}/index.html": html(f'<a href="../p{number + 1}/">next</a>') for number in range(120)}
    site = {**SITE, **many}
    one = site_audit.audit(site)
    plan = Plan(URL, Phrases.of([DRAFT]), list, "code", jobs=2)
    assert audit(site_audit.folder / "staging", site_audit.stage(site), plan, Store()) == one


def test_the_folder_contains_exactly_the_planned_files(site_audit: AuditedSite) -> None:
    site_audit.stage(SITE)
    root = site_audit.folder / "staging"
    check_folder(root, SITE)
    with pytest.raises(PublishError, match=r"none\.html is missing"):
        check_folder(root, {*SITE, "none.html"})
    with pytest.raises(PublishError, match=r"sitemap\.xml was not planned"):
        check_folder(root, SITE.keys() - {"sitemap.xml"})
    (root / "link").symlink_to("index.html")
    with pytest.raises(PublishError, match="link was not planned"):
        check_folder(root, SITE)
