"""Sites with too much of something, or nothing of it."""

import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb_builder.commands.cli import commands
from kb_builder.errors import Severity
from tests.centres import CLOCK, CONTACT, MKDOCS, article, open_site, put, write

NO_CHANNEL = "time_zone: Europe/London\nphone: {none: we answer at the counter}\nchannels: []\n"


def test_a_button_that_leads_to_a_withheld_article_is_an_error(tmp_path: Path) -> None:
    action = {"label": "Send it back", "url": "b.md"}
    write(tmp_path, {"faq/a": article("a", action=action), "faq/b": article("b", draft=True)})
    (found,) = [finding for finding in open_site(tmp_path).findings if finding.code == "link-to-withheld"]
    assert found.severity is Severity.ERROR
    assert found.path == "content/articles/faq/a.md"
    line = (tmp_path / found.path).read_text().splitlines()[found.line - 1]
    assert line.startswith("action:")


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("return-itme", 'did you mean "../returns/return-item.md"?'),
        ("retrun-item.md#when", 'did you mean "../returns/return-item.md"?'),
        ("/a/return-tiem/", 'did you mean "../returns/return-item.md"?'),
        ("something-else.md", "until it is fixed the page shows the words without a link"),
    ],
)
def test_a_button_that_leads_nowhere_names_the_article_that_was_meant(tmp_path: Path, url: str, hint: str) -> None:
    action = {"label": "Send it back", "url": url}
    write(tmp_path, {"faq/orders/a": article("a", action=action), "faq/returns/return-item": article("return-item")})
    (found,) = [finding for finding in open_site(tmp_path).findings if finding.code == "broken-link"]
    assert (found.path, found.hint) == ("content/articles/faq/orders/a.md", hint)


def test_a_heavy_logo_is_one_finding(tmp_path: Path) -> None:
    write(tmp_path, {"faq/a": article("a")}, mkdocs=MKDOCS.replace("theme:\n", "theme:\n  logo: logo.png\n"))
    put(tmp_path, "logo.png", b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(4_000_000))
    found = [finding for finding in open_site(tmp_path).findings if "logo.png" in finding.message]
    assert [(finding.code, Path(finding.path).name) for finding in found] == [("large-file", "mkdocs.yml")]
    assert "4,000 KB" in found[0].message
    result = CliRunner().invoke(commands, ["build", "--clock", CLOCK, "-f", str(tmp_path / "mkdocs.yml")])
    # The second one says which pages are too heavy.
    assert "2 warnings" in result.output


@pytest.mark.parametrize("count", [0, 1, 60])
def test_a_site_with_no_category_and_with_sixty(tmp_path: Path, count: int) -> None:
    """As many cards as the menu has topics, every other topic in a list; without a channel, no empty card for them."""
    topics = {f"faq/topic-{n:02d}/q{n:02d}": article(f"q{n:02d}") for n in range(count)}
    write(tmp_path, topics or {"alone": article("alone")}, contact=CONTACT if topics else NO_CHANNEL)
    site = open_site(tmp_path)
    assert [finding for finding in site.findings if finding.severity is Severity.ERROR] == []
    pages = {page.file: page for page in site.pages}
    html = site.renderer.render(pages["index.html"]).decode()
    for n in range(count):
        assert f'href="faq/topic-{n:02d}/"' in html
    assert html.count("kb-topic__link") == min(count, 12)
    assert html.count("kb-card") == bool(topics)
    article_file = "faq/topic-00/q00/index.html" if topics else "alone/index.html"
    menu = site.renderer.render(pages[article_file], "<p>x</p>").decode()
    assert menu.count("topic-") < 60
    assert len(site.context.categories) == min(count, 12)
