"""Numbers keep their order in text that is read from right to left."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from kb_builder.rendering.direction import MARK, isolated

NUMBERS = ("+44 20 7946 0123", "020 7946 0123", "0800-123-4567", "(030) 123 456"[1:], "+9714123456", "2026-11-21")
ARABIC = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهوي ،.؟<>&\"'", max_size=20)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_in_an_arabic_sentence_is_isolated(number: str) -> None:
    assert isolated(f"<p>اتصل بنا على {number}. شكراً</p>") == (
        f'<p>اتصل بنا على <bdi dir="ltr">{number}</bdi>. شكراً</p>'
    )


@pytest.mark.parametrize(
    "html",
    [
        '<a href="tel:+44 20 7946 0123" title="+44 20 7946 0123">اتصل</a>',
        "<title>+44 20 7946 0123</title>",
        '<script type="application/ld+json">{"telephone": "+44 20 7946 0123"}</script>',
        "<bdi>+44 20 7946 0123</bdi>",
        "<!-- +44 20 7946 0123 -->",
        "<p>عام 2026، 14 يوماً، A4 وB2B</p>",
    ],
)
def test_what_is_no_text_or_no_such_number_stays(html: str) -> None:
    assert isolated(html) == html


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("«PayPal» لا يعمل عند الدفع", True),
        ("«تتبع الطلب» لا يعمل", False),
        ("هل تقبلون «PayPal»؟", False),
        ("&quot;iOS&quot; التطبيق لا يفتح", True),
        ("&lt;الرمز&gt; غير صالح", False),
        ("Where is my order? (طلبي)", False),
        ("Where is my order?", False),
    ],
)
def test_a_title_that_begins_with_a_foreign_word_keeps_the_order_of_its_language(text: str, marked: bool) -> None:
    result = isolated(f"<h1>{text}</h1>")
    assert result == f"<h1>{MARK if marked else ''}{text}</h1>"
    assert isolated(result) == result
    behind = f"<p><strong>Apple</strong> {text}</p>"
    assert isolated(behind) == behind


@given(st.lists(st.tuples(ARABIC, st.sampled_from(NUMBERS)), max_size=5), ARABIC)
def test_every_number_is_isolated_and_no_text_changes(pairs: list[tuple[str, str]], last: str) -> None:
    html = "".join(f'<p class="a">{escape(before)} {number}</p>' for before, number in pairs) + str(escape(last))
    result = isolated(html)
    assert Markup(result).striptags() == Markup(html).striptags()
    assert re.findall(r'<bdi dir="ltr">(.*?)</bdi>', result) == [number for _, number in pairs]
    assert isolated(result) == result
