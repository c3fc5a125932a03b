"""A page from its context: links as seen from it, everything escaped, nothing unknown."""

from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup

from kb_builder.config import THEME
from kb_builder.errors import InputError
from kb_builder.pages import BodySource
from kb_builder.render import Renderer, environment
from tests.centres import put
from tests.test_page_plan import SITE, article, planned

HOSTILE = '"><script>alert(1)</script>'


def renderer(folder: Path | None = None, **site: object) -> Renderer:
    folders = [str(folder)] if folder else []
    return Renderer(environment([*folders, str(THEME)]), replace(SITE, **site), "assets/abc/")  # type: ignore[arg-type]


def test_links_are_relative_to_the_page_and_absolute_on_the_page_for_lost_readers() -> None:
    pages = planned(article("faq/orders/cancel/"))
    below = renderer().render(pages["faq/orders/cancel/index.html"]).decode()
    assert 'href="../../../assets/abc/kb.css"' in below
    lost = renderer(url="https://help.example.com/en/").render(pages["404.html"]).decode()
    assert 'href="/en/assets/abc/kb.css"' in lost


def test_titles_names_and_answers_are_text() -> None:
    pages = planned(article("faq/a/", title=HOSTILE, answer=HOSTILE, description=HOSTILE))
    for file in ("faq/a/index.html", "a/a/index.html", "all/index.html", "faq/index.html"):
        made = renderer(name=HOSTILE).render(pages[file]).decode()
        assert HOSTILE not in made
        assert "<script>alert" not in made


def test_a_body_gets_its_targets_sizes_and_changes() -> None:
    page = planned(article("policies/refunds/", type="policy"))["policies/refunds/index.html"]
    source = BodySource(
        "content/articles/policies/refunds.md", "key", (("../faq/a.md", "faq/a/"), ("/", ""), ("gone.md", None)),
        (("x.png", (3, 2)),), "what-changed",
    )  # fmt: skip
    html = (
        '<p><a href="../faq/a.md">A</a> <a href="/">home</a> <a href="gone.md">gone</a> <img src="x.png"></p>'
        '<h2 id="what-changed">What changed</h2><p>New.</p>'
    )
    context = renderer().context(replace(page, body=source), html)["page"]
    assert context.body == Markup(
        '<p><a href="../../faq/a/">A</a> <a href="../../">home</a> <a>gone</a> '
        '<img width="3" height="2" src="x.png"></p>'
    )
    assert context.changes == Markup('<span id="what-changed"></span><p>New.</p>')


def test_the_frame_is_the_same_whether_it_was_shared_or_not() -> None:
    pages = planned(article("faq/orders/a/"), article("faq/orders/b/"), article("faq/returns/c/"))
    files = [f"faq/{name}/index.html" for name in ("orders/a", "orders/b", "returns/c")]
    together = renderer()
    assert [together.render(pages[file]) for file in files] == [renderer().render(pages[file]) for file in files]


def test_a_template_of_the_team_comes_first_and_a_slip_in_it_is_an_error(tmp_path: Path) -> None:
    page = planned(article("faq/a/"))["faq/a/index.html"]
    put(tmp_path, "article.html", "{{ page.common.title }} by {{ site.name }}")
    assert renderer(tmp_path).render(page) == b"A by Corner Shop"
    put(tmp_path, "article.html", "{{ site.nmae }}")
    with pytest.raises(InputError, match=r"article\.html:1: error: .* has no attribute 'nmae'"):
        renderer(tmp_path).render(page)
