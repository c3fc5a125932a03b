"""A finished site is proven before it is shown; what was proven before is not read again."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from kb_builder.audit import audit as audit_module
from kb_builder.audit.audit import Plan, Report, audit, check_folder
from kb_builder.audit.leaks import Marks
from kb_builder.errors import LeakError, PublishError
from kb_builder.model import Article
from kb_builder.publishing.history import Recorded
from kb_builder.publishing.staging import Staging
from kb_builder.system.cache import Cache

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


class Bench:
    """One target that is built again and again with one memory; ``read`` counts the files that were looked into."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.cache = Cache(folder / ".kb")
        self.read: list[str] = []
        self.withheld: list[Article] = []
        self.public: list[str] = []
        really = audit_module.facts

        def counted(path: str, data: bytes) -> audit_module.Facts:
            self.read.append(path)
            return really(path, data)

        monkeypatch.setattr(audit_module, "facts", counted)

    def stage(self, site: Mapping[str, bytes]) -> Mapping[str, Recorded]:
        staging = Staging(self.folder / "staging", self.folder)
        for path, data in site.items():
            staging.add(path, data)
        return staging.finish().files

    def plan(self) -> Plan:
        return Plan(URL, Marks.of(self.withheld), lambda: self.public, "code")

    def audit(self, site: Mapping[str, bytes]) -> Report:
        self.read.clear()
        return audit(self.folder / "staging", self.stage(site), self.plan(), self.cache)

    def codes(self, site: Mapping[str, bytes]) -> list[tuple[str, str]]:
        return [(finding.path, finding.code) for finding in self.audit(site).findings]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterable[Bench]:
    made = Bench(tmp_path, monkeypatch)
    yield made
    made.cache.close()


def test_a_sound_site_has_no_findings(bench: Bench) -> None:
    assert bench.audit(SITE) == Report((), (), ())


def test_a_second_audit_reads_only_what_changed(bench: Bench) -> None:
    bench.audit(SITE)
    assert bench.audit(SITE) == Report((), (), ())
    assert bench.read == []
    changed = {**SITE, "b/index.html": html('<a href="../none/">none</a>')}
    assert bench.codes(changed) == [("b/index.html", "broken-link")]
    assert bench.read == ["b/index.html"]


def test_findings_about_unchanged_files_are_told_again(bench: Bench) -> None:
    broken = {**SITE, "b/index.html": html('<a href="../none/">none</a>')}
    bench.audit(broken)
    assert bench.codes({**broken, "a/index.html": html('<h2 id="how">How else</h2>')}) == [
        ("b/index.html", "broken-link")
    ]
    assert bench.read == ["a/index.html"]


def test_a_link_is_found_broken_when_its_target_goes(bench: Bench) -> None:
    bench.audit(SITE)
    less = {path: data for path, data in SITE.items() if path != "a/index.html"}
    assert bench.codes(less) == [
        ("b/index.html", "broken-link"), ("index.html", "broken-link"), ("sitemap.xml", "broken-link"),
    ]  # fmt: skip
    assert bench.read == []


class Recalls:
    """A memory that counts what it is asked for."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self.count = 0

    def get_many(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        wanted = list(keys)
        self.count += len(wanted)
        return self._cache.get_many(kind, wanted)

    def put_many(self, kind: str, entries: Mapping[str, bytes]) -> None:
        self._cache.put_many(kind, entries)


def test_when_a_file_goes_that_nothing_links_to_the_others_are_left_alone(bench: Bench) -> None:
    bench.audit({**SITE, "search/index/t-1.bin": b"1"})
    recalls = Recalls(bench.cache)
    staged = bench.stage({**SITE, "search/index/t-2.bin": b"2"})
    audit(bench.folder / "staging", staged, bench.plan(), recalls)
    assert recalls.count < len(SITE)


def test_a_link_is_found_broken_when_its_anchor_goes(bench: Bench) -> None:
    bench.audit(SITE)
    assert bench.codes({**SITE, "a/index.html": html("")}) == [("index.html", "broken-anchor")]


def test_a_broken_link_is_mended_by_a_new_page(bench: Bench) -> None:
    early = {**SITE, "b/index.html": html('<a href="../c/">c</a>')}
    assert bench.codes(early) == [("b/index.html", "broken-link")]
    assert bench.codes({**early, "c/index.html": html("")}) == []


def test_a_link_with_line_feeds_in_it_leaves_the_memory_readable(bench: Bench) -> None:
    odd = {**SITE, "b/index.html": html('<a href="/x%0A%0Ay">lost</a>')}
    first = bench.audit(odd)
    assert [finding.code for finding in first.findings] == ["broken-link"]
    assert bench.audit(odd) == first


def test_a_page_is_found_too_heavy_when_its_style_grows(bench: Bench) -> None:
    bench.audit(SITE)
    picture = bytes(range(256)) * 300
    style = b'p { background: url("x.png") }'
    heavy = {**SITE, "assets/kb.css": style, "assets/x.png": picture}
    assert {code for _, code in bench.codes(heavy)} == {"too-heavy"}
    assert len(bench.codes(heavy)) == 3


def test_a_leak_stops_the_build_and_is_not_forgotten(bench: Bench) -> None:
    bench.withheld = [DRAFT]
    leaking = {**SITE, "b/index.html": html(f"<p>{SECRET}.</p>")}
    for _ in range(2):
        with pytest.raises(LeakError) as caught:
            bench.audit(leaking)
        assert "b/index.html shows text of content/articles/recall.md" in str(caught.value)
        assert SECRET not in str(caught.value)
    bench.public = [f"As we said, {SECRET}."]
    assert bench.audit(leaking).findings == ()


def test_an_article_that_is_withdrawn_is_looked_for_in_files_that_did_not_change(bench: Bench) -> None:
    shown = {**SITE, "b/index.html": html(f"<p>{SECRET}.</p>")}
    bench.audit(shown)
    bench.withheld = [DRAFT]
    with pytest.raises(LeakError):
        bench.audit(shown)


def test_fewer_secrets_need_no_second_look(bench: Bench) -> None:
    bench.withheld = [DRAFT]
    bench.audit(SITE)
    assert sorted(bench.read) == sorted(SITE)
    bench.withheld = []
    bench.audit(SITE)
    assert bench.read == []


def test_inline_code_is_reported_for_the_policy_from_every_page(bench: Bench) -> None:
    inline = {**SITE, "a/index.html": html('<h2 id="how">How</h2><script>go()</script><style>b {}</style>')}
    first = bench.audit(inline)
    assert (len(first.scripts), len(first.styles)) == (1, 1)
    assert bench.audit({**inline, "b/index.html": html("")}) == first


def test_a_file_that_is_not_what_was_staged_stops_the_build(bench: Bench) -> None:
    staged = bench.stage(SITE)
    (bench.folder / "staging/b/index.html").write_bytes(b"other")
    with pytest.raises(PublishError, match=r"b/index\.html changed"):
        audit(bench.folder / "staging", staged, bench.plan(), bench.cache)


def test_a_file_that_can_not_be_read_is_told(bench: Bench) -> None:
    staged = bench.stage(SITE)
    (bench.folder / "staging/b/index.html").unlink()
    with pytest.raises(PublishError, match="no such file"):
        audit(bench.folder / "staging", staged, bench.plan(), bench.cache)
    with pytest.raises(PublishError, match="no such file"):
        check_folder(bench.folder / "none", staged)


def test_jobs_make_no_difference(bench: Bench, tmp_path: Path) -> None:
    many = {f"p{number}/index.html": html(f'<a href="../p{number + 1}/">next</a>') for number in range(120)}
    site = {**SITE, **many}
    one = bench.audit(site)
    plan = Plan(URL, Marks.of([DRAFT]), list, "code", jobs=2)
    with Cache(tmp_path / "other") as cache:
        assert audit(bench.folder / "staging", bench.stage(site), plan, cache) == one


def test_the_folder_holds_what_was_planned_and_nothing_else(bench: Bench) -> None:
    bench.stage(SITE)
    root = bench.folder / "staging"
    check_folder(root, SITE)
    with pytest.raises(PublishError, match=r"none\.html is missing"):
        check_folder(root, {*SITE, "none.html"})
    with pytest.raises(PublishError, match=r"sitemap\.xml was not planned"):
        check_folder(root, SITE.keys() - {"sitemap.xml"})
    (root / "link").symlink_to("index.html")
    with pytest.raises(PublishError, match="link was not planned"):
        check_folder(root, SITE)
