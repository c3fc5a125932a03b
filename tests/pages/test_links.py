"""Where links lead: to released articles and files; everything else is named with its line."""

from dataclasses import replace

import pytest

from kb_builder.errors import Finding, Severity
from kb_builder.model import Announcement, Article, Heading, Link, Outline
from kb_builder.pages.links import LinkedTexts, LinkMap, OldTargets, ResolvedLinks
from tests.centres import NOW


def article(path: str) -> Article:
    name = path.rsplit("/", 1)[-1]
    return Article(id=name, path=f"content/articles/{path}.md", url=f"{path}/", title=name, body="", body_line=1)


def link_map(*targets: str, **links: object) -> LinkMap:
    """Everything that links of faq/orders/cancel may lead to; ``targets`` are its links."""
    here, there = article("faq/orders/cancel"), article("faq/returns/send-back")
    news = Announcement("2026-11-18-strike", "content/announcements/2026-11-18-strike.md", "Strike", "info", NOW, None,
                        body="", body_line=1, version="1")  # fmt: skip
    outlines = {
        here.path: Outline(
            links=tuple(Link(target, line, alt=links.get(target)) for line, target in enumerate(targets, 1)),  # type: ignore[arg-type]
            anchors=("fees",),
        ),
        news.path: Outline(anchors=("who",)),
        there.path: Outline(headings=(Heading(2, "labels", "Labels"),), anchors=("labels",)),
    }
    hidden = [
        article("faq/secret"),
        replace(article("faq/Loud"), path="content/articles/faq/Loud.MD"),
        article("faq/gone"),
        article("faq/soon"),
    ]
    return LinkMap(
        LinkedTexts([here, there, news], hidden, lambda item: outlines[item.path]),
        all_files=[
            f"content/articles/faq/{name}" for name in ("orders/box.png", "Loud.MD", "other.markdown", "_category.yml")
        ],
        pages=["contact/", "feeds/changes.xml"],
        folders={"content/articles/faq": "faq/", "content/articles/faq/orders": "faq/orders/"},
        old=OldTargets(
            redirects={
                "old/path/": there.url,
                "old/page.html": there.url,
                "old/secret/": "faq/secret/",
                "old/part/": there.url,
                "old/part/#fees": f"{here.url}#fees",
                f"{there.url}#moved": f"{here.url}#fees",
            },
            notices={"content/articles/faq/gone.md": "faq/gone/", "content/articles/faq/soon.md": ""},
        ),
        site_url="https://help.example.com/",
    )


def resolve(*targets: str, **links: object) -> dict[str, str]:
    """The codes of what is found about links of faq/orders/cancel, by target; and where they lead."""
    found = link_map(*targets, **links).resolve(article("faq/orders/cancel"))
    codes = {finding.line: finding.code for finding in found.findings}
    return {
        target: codes.get(line)
        or str(found.targets[target] if target in found.targets else found.files.get(target, ("as written", 0))[0])
        for line, target in enumerate(targets, 1)
    }


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("../returns/send-back.md", "faq/returns/send-back/"),
        ("../returns/send-back.md#labels", "faq/returns/send-back/#labels"),
        ("../returns/send-back", "faq/returns/send-back/"),
        ("../returns/send-back/", "faq/returns/send-back/"),
        ("/faq/returns/send-back/", "faq/returns/send-back/"),
        ("/faq/returns/send-back.md", "faq/returns/send-back/"),
        ("https://help.example.com/faq/returns/send-back/", "faq/returns/send-back/"),
        ("/contact/", "contact/"),
        ("/old/path/", "faq/returns/send-back/"),
        ("/old/page.html", "faq/returns/send-back/"),
        ("/", ""),
        ("/a/send-back/", "faq/returns/send-back/"),
        ("https://help.example.com/a/send-back#labels", "faq/returns/send-back/#labels"),
        ("/a/send-back/#nothing", "broken-anchor"),
        ("/faq/returns/send-back/#nothing", "broken-anchor"),
        ("../../../announcements/2026-11-18-strike.md", "announcements/2026-11-18-strike/"),
        ("/announcements/2026-11-18-strike/#who", "announcements/2026-11-18-strike/#who"),
        ("/a/secret/", "link-to-withheld"),
        ("https://help.example.com/faq/secret/", "link-to-withheld"),
        ("/old/secret/", "link-to-withheld"),
        ("../gone.md", "link-to-withdrawn"),
        ("/a/gone/", "link-to-withdrawn"),
        ("../soon.md", "link-to-withdrawn"),
        ("/old/part/#fees", "faq/orders/cancel/#fees"),
        ("../returns/send-back.md#moved", "faq/orders/cancel/#fees"),
        ("../returns/send-back.md#Labels", "faq/returns/send-back/#labels"),
        ("../returns/send-back.md?from=mail#labels", "faq/returns/send-back/?from=mail#labels"),
        ("../returns/send-back.md#:~:text=red", "faq/returns/send-back/#:~:text=red"),
        ("http://help.example.com/contact", "contact/"),
        ("https://help.example.com", ""),
        ("https://help.example.com.evil.example/contact/", "as written"),
        ("../Loud.MD", "link-to-withheld"),
        ("../other.markdown", "broken-link"),
        ("../_category.yml", "broken-link"),
        ("box.png", "content/articles/faq/orders/box.png"),
        ("https://HELP.example.com:443/contact/", "contact/"),
        ("//help.example.com/nowhere/", "broken-link"),
        ("https://me@help.example.com/nowhere/", "broken-link"),
        ("https://help.example.com:8443/nowhere/", "as written"),
        ("/feeds/changes.xml", "feeds/changes.xml"),
        ("https://help.example.com/feeds/changes.xml", "feeds/changes.xml"),
        ("/feeds/nothing.xml", "broken-link"),
        ("./", "faq/orders/"),
        ("..", "faq/"),
        ("../orders/#top", "faq/orders/#top"),
        ("../..", ""),
        ("/faq/orders", "faq/orders/"),
        ("../unknown/", "broken-link"),
        ("/index.html", "broken-link"),
        ("../../index", "broken-link"),
        ("https://courier.example/track", "as written"),
        ("mailto:help@example.com", "as written"),
        ("#fees", "as written"),
        ("../returns/gone.md", "broken-link"),
        ("../../../../etc/passwd", "broken-link"),
        ("../returns/send-back.md#lables", "broken-anchor"),
        ("#fee", "broken-anchor"),
        ("../secret.md", "link-to-withheld"),
    ],
)
def test_each_kind_of_target(target: str, leads_to: str) -> None:
    assert resolve(target) == {target: leads_to}


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("../returns/Send-Back.md", "../returns/send-back.md"),
        ("..\\returns\\send-back.md", "../returns/send-back.md"),
        ("send%2Dback", "../returns/send-back.md"),
        ("/content/articles/faq/returns/send-back.md#labels", "../returns/send-back.md"),
        ("Box.PNG", "box.png"),
        ("../box.png", "box.png"),
    ],
)
def test_a_mistyped_name_gets_a_hint(target: str, meant: str) -> None:
    found = link_map(target).resolve(article("faq/orders/cancel"))
    assert [finding.hint for finding in found.findings] == [f'did you mean "{meant}"?']


def test_an_unreleased_address_without_brackets_is_a_warning() -> None:
    """It was text in the version before."""
    outline = Outline(links=(Link("https://help.example.com/faq/secret/", 1, bare=True), Link("secret.md", 2)))
    here, secret = article("faq/here"), article("faq/secret")
    texts = LinkedTexts([here], [secret], lambda _: outline)
    links = LinkMap(texts, all_files=[], site_url="https://help.example.com/")
    found = links.resolve(here).findings
    assert [(one.code, one.severity) for one in found] == [
        ("link-to-withheld", Severity.WARNING), ("link-to-withheld", Severity.ERROR)
    ]  # fmt: skip


def test_images_need_alternative_text_and_a_file() -> None:
    assert resolve("box.png", **{"box.png": ""}) == {"box.png": "missing-alt"}
    assert resolve("gone.png", **{"gone.png": "A box"}) == {"gone.png": "missing-image"}
    remote = "https://cdn.example/x.png"
    assert resolve(remote, **{remote: "A box"}) == {remote: "remote-image"}


def alone(here: Article, outline: Outline) -> ResolvedLinks:
    """The links of the only article there is."""
    return LinkMap(LinkedTexts([here], [], lambda _: outline), all_files=[]).resolve(here)


def test_findings_of_the_body_get_the_path_of_the_article() -> None:
    about = Finding("", 7, "unknown-tag", Severity.WARNING, "<order number> is read as an HTML tag and not shown")
    here = article("faq/a")
    assert alone(here, Outline(findings=(about,))).findings == (replace(about, path=here.path),)


def test_a_footnote_nothing_refers_to_is_named_with_its_line() -> None:
    here = replace(article("faq/a"), body="Fine.\n\n[^1]: Said by the manual.\n", body_line=5)
    found = alone(here, Outline(links=(Link("#fnref:1", 0),)))
    assert [(finding.code, finding.line) for finding in found.findings] == [("unused-footnote", 7)]
    assert found.targets == {"#fnref:1": None}


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/faq/orders/where/", "faq/orders/where/"),
        ("/support/help/faq/orders/where/", "faq/orders/where/"),
        ("/support/help/", ""),
        ("/support/help", ""),
        ("https://example.com/support/help", ""),
        ("http://example.com/support/help/faq/orders/where/", "faq/orders/where/"),
        ("https://example.com/support/helpdesk/", None),
        ("https://example.com/support/help/faq/nope/", "broken-link"),
        ("/shop/basket", "broken-link"),
    ],
)
def test_a_site_under_a_path(target: str, leads_to: str | None) -> None:
    there, here = article("faq/orders/where"), article("faq/here")
    outlines = {here.path: Outline(links=(Link(target, 1),)), there.path: Outline()}
    found = LinkMap(
        LinkedTexts([there, here], [], lambda item: outlines[item.path]), all_files=[],
        site_url="https://example.com/support/help/",
    ).resolve(here)  # fmt: skip
    assert next((finding.code for finding in found.findings), found.targets.get(target)) == leads_to


def test_a_link_to_an_article_with_errors_is_no_finding_of_its_own() -> None:
    here = article("faq/a")
    links = LinkMap(
        LinkedTexts([here], [], lambda _: Outline(links=(Link("b.md", 3), Link("c.md", 4)))),
        all_files=["content/articles/faq/a.md", "content/articles/faq/b.md"],
    ).resolve(here)
    assert [(finding.code, finding.line) for finding in links.findings] == [("broken-link", 4)]
    assert links.targets == {"b.md": None, "c.md": None}
