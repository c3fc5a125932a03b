"""Markdown as people write it, and as nobody would, for the properties of this package."""

from hypothesis import strategies as st

_WORDS = st.sampled_from(["Open", "the order", "größer", "طلب", "now.", "£4.99", "x < y & z", "**bold**", "a_b_c", "…"])
_INLINE = st.sampled_from([
    "[Orders](orders.md)", "[the *form*](https://x.example/a(b) \"T\")", "![A cat](cat.png){width=300}", "`kb build`",
    "``a ` b``", "<br>", "<kbd>Ctrl</kbd>", "https://x.example/a?b=c", "[^1]", "[text][ref]", "\\[no link](x)", "[open",
    "&nbsp;", ":material-phone:", "<!-- a note -->", "{#anchor}", "a | b", "](x)", "![", "`", "  \n", "\\\n", "\n   ",
    "\n> ",
])  # fmt: skip
_ANY = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=12)
_LINES = st.lists(st.one_of(_WORDS, _INLINE, _ANY), min_size=1, max_size=5).map(" ".join)
_OPENING = st.sampled_from([
    "", "", "", "# ", "## ", "- ", "* ", "1. ", "- [ ] ", "> ", "> - ", "    ", "\t", "  ", "!!! note \"",
    "!!! warning",
    "??? question \"Why\"", "=== \"Tab\"", "[^1]: ", "[ref]: ", "*[HTML]: ", "| ", "```", "~~~ py", "<!-- ",
    "!!! staff",
    ": ",
])  # fmt: skip
_FIXED = st.sampled_from([
    "", "", "---", "===", "| a | b |\n|---|:-:|\n| c | d `|` e |\n| [f](g) | \\| |", "```\ncode\n```", "~~~\n# no\n~~~",
    "!!! staff \"Team\"\n    Call Ann.", "<div>\ntext\n</div>", "<pre>\nwords\n\n</pre>", "<style>",
    "Title\n=====", "1. one\n\n   more\n2. two",
    "- a\n    - b\n        - c", "    indented code", "<!-- several\nlines -->",
])  # fmt: skip
_BLOCK = st.one_of(st.tuples(_OPENING, _LINES).map("".join), _FIXED)
MARKDOWN = st.lists(st.tuples(_BLOCK, st.sampled_from(["\n", "\n\n", "\n\n\n"])).map("".join), max_size=8).map("".join)
