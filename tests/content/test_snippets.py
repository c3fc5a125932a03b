"""Files that a body may include: none with text for staff, and none that its header withholds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.content.snippets import may_be_included


@pytest.mark.parametrize(
    "text",
    [
        "!!! staff\n    Ask twice.\n", "Text.\n\n1. ??? Staff \"x\"\n    Ask twice.\n", "> [!STAFF]\n> Ask twice.\n",
        "::: {.staff}\nAsk twice.\n:::\n", "!!! internal\n    Ask twice.\n", "## !!! staff\n\nAsk twice.\n",
        '<div class="admonition staff">Ask twice.</div>\n', "Ask twice.\n{: .staff }\n",
        "!!! staff\n    Ask twice.\nThen pay.\n", "---\nid: x\naudience: staff\n---\nText.\n",
        "---\ndraft: true\n---\nText.\n", "---\nid: x\nstaff: Ask twice.\n---\nText.\n",
        "---\nDraft: Yes\n---\nText.\n", "---\n'draft': on\n---\nText.\n", "---\ndraft: [true]\n---\nText.\n",
        "---\ndraft: soon\n---\nText.\n", "---\ntitle: a: b\n---\nText.\n", "---\n? audience\n: staff\n---\nText.\n",
        "---\n{audience: staff}\n---\nText.\n",
    ],
)  # fmt: skip
def test_a_file_with_text_for_staff_or_a_draft_may_not(text: str) -> None:
    assert not may_be_included(text)


@pytest.mark.parametrize(
    "text",
    [
        "Text.\n", "---\nText.\n", "---\n\nText.\n\n---\n\nMore.\n", "", "Really?? Staff can help.\n",
        "---\ntitle: A\ndraft:\naudience: public\n---\nText.\n", '!!! note "Staff"\n    Hello.\n',
    ],
)  # fmt: skip
def test_text_for_customers_may(text: str) -> None:
    assert may_be_included(text)


@given(
    st.sampled_from(["draft", "Draft", "audience", "staff"]),
    st.sampled_from(["", "~", "no", "Off", "false", "public"]) | st.text("abcdefilnoprstuy ", max_size=9),
)
def test_a_header_lets_a_file_pass_with_known_values_only(key: str, value: str) -> None:
    known = {"draft": ("no", "off", "false"), "audience": ("public",), "staff": ()}[key.lower()]
    passes = value.strip() in ("", "~", "null") or value.strip().lower() in known
    assert may_be_included(f"---\n{key}: {value}\n---\nText.\n") is passes
