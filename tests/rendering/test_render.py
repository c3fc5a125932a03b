"""A page from its context: links as seen from it, everything escaped, nothing unknown."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup

from kb_builder.config import THEME
from kb_builder.errors import InputError
from kb_builder.pages import contexts, elements, topic_icons
from kb_builder.pages.page import BodySource, Page
from kb_builder.pages.relative_urls import relative
from kb_builder.rendering.render import Renderer, environment
from kb_builder.rendering.theme_assets import Assets
from tests.centres import put
from tests.pages.test_plan import SITE, article, planned

HOSTILE = '"><script>alert(1)</script>'


def renderer(folder: Path | None = None, **site: object) -> Renderer:
    folders = [str(folder)] if folder else []
    return Renderer(environment([*folders, str(THEME)]), replace(SITE, **site), Assets("assets/abc/", {}))  # type: ignore[arg-type]


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
    context = renderer().context(page._replace(body=source), html)["page"]
    assert context.body == Markup(
        '<p><a href="../../faq/a/">A</a> <a href="../../">home</a> <a>gone</a> '
        '<img width="3" height="2" src="x.png"></p>'
    )
    assert context.changes == Markup('<span id="what-changed"></span><p>New.</p>')


def test_a_page_is_the_same_whatever_was_rendered_before() -> None:
    pages = planned(
        article("faq/"), article("about/"), article("faq/orders/"), article("faq/orders/a/"),
        article("faq/orders/b/"), article("faq/returns/c/"), article("faq/orders/a/deeper/"),
        article("x/policy/", type="policy"),
        related={"a": ("c", "faq", "deeper"), "about": ("faq", "a")},
    )  # fmt: skip
    categories = tuple(
        elements.Card(name, f"faq/{name}/", "", 2, topic_icons.DEFAULT) for name in ("orders", "returns")
    )
    alone = {file: renderer(categories=categories).render(page) for file, page in pages.items()}
    for order in (list(pages), list(reversed(pages))):
        together = renderer(categories=categories)
        assert {file: together.render(pages[file]) for file in order} == alone


@pytest.fixture(scope="module")
def long_used() -> Renderer:
    return renderer()


SEGMENTS = st.sampled_from(["faq", "orders", "a", "x.html", "a b"])
PATHS = st.lists(SEGMENTS, max_size=4).map("/".join)


@given(page=PATHS, slash=st.booleans(), target=PATHS, end=st.sampled_from(["", "/", "#top", "/#top", "/picture.png"]))
def test_every_link_is_as_its_page_sees_it(long_used: Renderer, page: str, slash: bool, target: str, end: str) -> None:
    url = f"{page}/" if slash and page else page
    made = Page(
        url, url, "contact.html", True, "", lambda _: contexts.ContactPage(elements.Common("contact", "", url, "", ""))
    )
    link = long_used.context(made)["link"]
    for leads_to in (target + end, url + target + end, "#top", "mailto:a@example.com", "https://example.com/"):
        assert link(leads_to) == relative(url, leads_to)  # type: ignore[operator]


def test_lists_of_links_are_escaped_and_made_by_the_theme(tmp_path: Path) -> None:
    related = {"a": ("b",), "b": ("a",)}
    pages = planned(article("faq/a/"), article("faq/b/", title=HOSTILE), related=related)
    made = renderer().render(pages["faq/a/index.html"]).decode()
    assert '<li><a href="../b/">&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;</a></li>' in made
    put(
        tmp_path,
        "components/teasers/link.html",
        "{% macro item(href, title) %}<li>{{ title }}: {{ href }}{% endmacro %}",
    )
    assert "<li>A: ../a/" in renderer(tmp_path).render(pages["faq/b/index.html"]).decode()


def test_the_frame_of_an_article_is_light() -> None:
    page = planned(article("faq/a/"))["faq/a/index.html"]
    assert len(renderer().render(page)) <= 7_200


def test_what_a_list_item_costs_is_its_address_its_title_and_little_more() -> None:
    few, many = (
        len(renderer().render(planned(*(article(f"faq/answer-{n}/") for n in range(count)))["faq/answer-0/index.html"]))
        for count in (2, 12)
    )
    assert (many - few) / 10 <= len("../answer-10/") + len("Answer 10") + 24


def test_a_template_of_the_team_comes_first_and_a_slip_in_it_is_an_error(tmp_path: Path) -> None:
    page = planned(article("faq/a/"))["faq/a/index.html"]
    put(tmp_path, "article.html", "{{ page.common.title }} by {{ site.name }}")
    assert renderer(tmp_path).render(page) == b"A by Corner Shop"
    put(tmp_path, "article.html", "{{ site.nmae }}")
    with pytest.raises(InputError, match=r"article\.html:1: error: .* has no attribute 'nmae'"):
        renderer(tmp_path).render(page)


def test_what_a_process_compiled_once_is_not_compiled_again_unless_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = planned(article("faq/a/"))["faq/a/index.html"]
    put(tmp_path, "article.html", '{% include "more.html" %} {{ page.id }}')
    put(tmp_path, "more.html", "first")
    assert renderer(tmp_path).render(page) == b"first a"
    compiled: list[object] = []
    generate = Environment._generate

    def noted(self: Environment, *told: object, **more: object) -> str:
        compiled.append(told[1])
        return generate(self, *told, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Environment, "_generate", noted)
    assert renderer(tmp_path).render(page) == b"first a"
    assert compiled == []
    put(tmp_path, "more.html", "other")
    assert renderer(tmp_path).render(page) == b"other a"
    assert compiled == ["more.html"]
