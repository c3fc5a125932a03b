"""Boxes, shortcodes, tags and components of other site builders become ours, or are counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.importing.markdown_dialects import convert
from kb_builder.importing.tools import MARKDOWN_FOLDERS

CASES = [
    ("docusaurus", ":::tip Keep it\nText\n:::\n", '!!! tip "Keep it"\n\n    Text\n\n', {}),
    ("docusaurus", ":::caution[Hot]\nText\n:::", '!!! warning "Hot"\n\n    Text\n', {}),
    ("docusaurus", "::::note\n:::tip\nIn\n:::\n::::", "!!! note\n\n    !!! tip\n\n        In\n\n", {}),
    ("docusaurus", ":::odd\nx\n:::", "!!! note\n\n    x\n", {"box of the unknown kind odd became a note": 1}),
    ("docusaurus", "import X from '@x';\n\n<Card a='b'/>Text", "\nText", {"MDX import or export removed": 1,
     "component <Card> removed, its text kept": 1}),
    ("docusaurus", "import X, {\n  Y\n} from '@x'\nexport const a = 1;\n\nText", "\nText",
     {"MDX import or export removed": 2}),
    ("docusaurus", "import your contacts from Outlook\n\nWith a file or\nimport 'them'",
     "import your contacts from Outlook\n\nWith a file or\nimport 'them'", {}),
    ("docusaurus", '<Tabs>\n<TabItem value="a" label="Card">\nPay\n</TabItem>\n</Tabs>',
     '=== "Card"\n\n    Pay\n', {}),
    ("hugo", '[x]({{< ref "b.md" >}})', "[x](b.md)", {}),
    ("hugo", '{{< figure src="a.png" alt="A" >}}', "![A](a.png)", {}),
    ("hugo", "{{< youtube abc >}}", "[Video: youtube.com](https://www.youtube.com/watch?v=abc)", {}),
    ("hugo", '{{% notice warning "Hot" %}}\nText\n{{% /notice %}}', '\n!!! warning "Hot"\n\n    Text\n', {}),
    ("hugo", "{{< highlight go >}}\nx := 1\n{{< /highlight >}}", "```go\nx := 1\n```", {}),
    ("hugo", "{{< odd >}}Text{{< /odd >}}", "Text", {"shortcode odd removed, its text kept": 1}),
    ("jekyll", "{% highlight sh %}\nls\n{% endhighlight %}", "```sh\nls\n```", {}),
    ("jekyll", "[x]({{ site.baseurl }}{% link _docs/a.md %})", "[x](/_docs/a.md)", {}),
    ("jekyll", "Text\n{: .wide }\n{% include x.html %}", "Text\n", {"kramdown attributes removed": 1,
     "Liquid tag include removed": 1}),
    ("mkdocs", "[TOC]\n--8<-- \"a.md\"\n{{ name }}", "{{ name }}", {"included file not imported": 1,
     "macro left as text": 1}),
    ("notion", "<aside>\n💡 Text\n</aside>", "\n!!! note\n\n    💡 Text\n", {}),
    ("markdown", ":::tip\n{{ x }}", ":::tip\n{{ x }}", {}),
    ("docusaurus", "- ```\n  :::tip\n  ```\n", "- ```\n  :::tip\n  ```\n", {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "expected", "losses"), CASES)
def test_each_dialect_becomes_plain_markdown_with_its_losses(
    kind: str, text: str, expected: str, losses: dict[str, int]
) -> None:
    made, lost = convert(kind, text)
    assert made == expected
    assert dict(lost) == losses


@given(st.sampled_from(MARKDOWN_FOLDERS), st.text("abc{}%<>:[]# =-8\n", max_size=60))
def test_nothing_in_a_code_block_is_touched(kind: str, code: str) -> None:
    text = f"~~~~~\n{code}\n~~~~~\n"
    assert convert(kind, text) == (text, {})


@given(st.sampled_from(MARKDOWN_FOLDERS), st.lists(st.sampled_from("alpha beta gamma delta".split())))
def test_words_survive(kind: str, words: list[str]) -> None:
    text = "\n\n".join(words)
    assert convert(kind, text)[0].split() == words
