"""Facts about finished files."""

import base64
import gzip
import hashlib
from functools import partial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.audit.file_facts import Facts, facts_of_all, most_sent, wire_size
from tests.growth import in_proportion

PAGE = b"""<!doctype html>
<html lang="en-GB"><head><title>Return a parcel &amp; more</title>
<meta name="description" content="How to return a parcel">
<link rel="canonical" href="https://help.example.com/faq/a/"><link rel="icon" href="../../icon.svg">
<link rel="stylesheet" href="../../assets/kb.css"><script type="module" src="../../assets/page.mjs"></script>
<script type="application/ld+json">{"a": 1}</script></head>
<body><h1 id="top">Return</h1><h2 id="how">How</h2><h3 id="how">How</h3>
<a href="../b/#x">b</a> <a href="../b/#x">again</a> <a href="#how">how</a> <a id="old">old</a>
<img src="big.png" alt=""><img src="far.png" loading="lazy" alt=""><form action="/search/"></form>
<section data-kb="contact">call</section></body></html>"""


def facts_of(path: str, data: bytes) -> Facts:
    return facts_of_all([(path, data)])[0]


def page(body: str) -> Facts:
    return facts_of("a/index.html", f"<!doctype html><html><head></head><body>{body}</body></html>".encode())


def test_the_facts_of_a_page_are_found() -> None:
    found = facts_of("faq/a/index.html", PAGE)
    assert (found.html, found.redirect, found.language, found.title) == (True, False, "en-GB", "Return a parcel & more")
    assert (found.described, found.contact, found.levels) == (True, True, (1, 2, 3))
    assert found.links == ("https://help.example.com/faq/a/", "../b/#x", "#how", "far.png", "/search/")
    assert found.loads == ("../../icon.svg", "../../assets/kb.css", "../../assets/page.mjs", "big.png")
    assert (found.anchors, found.repeated) == (("how", "old", "top"), ("how",))
    assert (found.scripts, found.styles, found.refused) == ((), (), ())
    assert wire_size("index.html", PAGE) <= found.size < len(PAGE)


def test_a_redirect_is_recognised_inside_noscript() -> None:
    refresh = b"<meta http-equiv='Refresh' content='0; url=../b/'>"
    for head in (refresh, b"<noscript>" + refresh + b"</noscript>"):
        assert facts_of("a/index.html", b"<html><head>" + head + b"</head><body></body></html>").redirect


def test_inline_code_is_hashed_as_csp_specifies() -> None:
    found = page("<script>a < b && c</script><style>p > b {}</style><script type=module>x</script>")
    digest = base64.b64encode(hashlib.sha256(b"a < b && c").digest()).decode()
    assert found.scripts[0] == f"sha256-{digest}"
    assert (len(found.scripts), len(found.styles)) == (2, 1)


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ('<p style="color: red">', "a style attribute on <p>"),
        ('<p title="x"onclick=go()>', "onclick on <p>"),
        ("<svg/onload=go()>", "onload on <svg>"),
        ('<a href=" java\nscript:go()">', "a javascript: link"),
        ('<a href="JavaScript:go()">', "a javascript: link"),
    ],
)
def test_markup_that_the_policy_blocks_is_reported(body: str, refused: str) -> None:
    assert page(body).refused == (refused,)


def test_text_that_looks_like_markup_is_not_reported() -> None:
    found = page("<p>&lt;script&gt;x&lt;/script&gt; write style=\"a\" onclick=b <code>&lt;a href='x'&gt;</code></p>")
    assert (found.scripts, found.refused, found.links) == ((), (), ())


def test_static_imports_are_loads_and_dynamic_ones_are_not() -> None:
    script = b"""import { a } from "./a.mjs";
import "../b.mjs";
export { c } from './c.mjs';
import {
  d,
} from "./d.mjs";
const later = () => import("./later.mjs");
const text = 'import "not.mjs"';
"""
    assert facts_of("x.mjs", script).loads == ("./a.mjs", "../b.mjs", "./c.mjs", "./d.mjs")


def test_styles_load_images_and_imported_styles() -> None:
    style = b"@import 'a.css'; p { background: url( \"b.png\" ) } q { background: url(data:image/png;base64,xx) }"
    assert facts_of("x.css", style).loads == ("a.css", "b.png")


@pytest.mark.parametrize("name", ["sitemap.xml", "api/articles.json", "llms.txt", "faq/a.md"])
def test_text_files_link_by_absolute_urls(name: str) -> None:
    text = b'<loc>https://help.example.com/a/</loc> "https://x.example/b?c=1&amp;d" [x](https://x.example/e). '
    assert facts_of(name, text).links == (
        "https://help.example.com/a/",
        "https://x.example/b?c=1&d",
        "https://x.example/e",
    )


def test_a_packed_sitemap_is_read_like_another() -> None:
    text = b'<?xml version="1.0"?><loc>https://help.example.com/a/</loc>'
    packed = gzip.compress(text)
    assert facts_of("sitemap-1.xml.gz", packed) == Facts(len(packed), links=("https://help.example.com/a/",))
    assert facts_of("export.csv.gz", gzip.compress(b"https://x.example/")).links == ()
    assert facts_of("broken.xml.gz", packed[:20]).links == ()
    assert facts_of("broken.xml.gz", text).links == ()


def test_wire_size_is_compressed_for_compressible_types() -> None:
    text = b"the same words again and again " * 1000
    assert wire_size("a.css", text) < 1000
    assert wire_size("a.png", text) == len(text)


@given(st.binary(max_size=9), st.lists(st.integers(0, 255), min_size=1), st.integers(1, 4_000), st.randoms())
def test_no_page_is_larger_on_the_wire_than_expected(
    start: bytes, letters: list[int], size: int, random: Random
) -> None:
    data = start + bytes(random.choices(letters, k=size))
    assert wire_size("index.html", data) <= most_sent(data)


def test_a_page_that_is_light_for_certain_is_not_compressed() -> None:
    text = b"<html><body><p>" + b"the same words again and again " * 100
    (weighed,), (light,) = facts_of_all([("a.html", text)], 2_000), facts_of_all([("a.html", text)], 30_000)
    assert wire_size("a.html", text) <= weighed.size < 1_000
    assert light.size == most_sent(text) < len(text)


@pytest.mark.growth
def test_a_long_word_takes_time_in_proportion_to_its_length() -> None:
    once, twice = (f"<p>{'on' * count}</p>".encode() for count in (5_000, 10_000))
    read = partial(facts_of, "index.html")
    assert in_proportion(read, once, twice, lambda small, large: large <= 2.5 * small)
