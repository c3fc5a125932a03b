"""Targets, pictures and sections in the HTML of a body."""

import pytest

from kb_builder.config import Extensions
from kb_builder.markdown.body_html import cut_section, rewrite_targets
from kb_builder.markdown.convert import Converter

CONVERTER = Converter(Extensions(("toc",)))


def html(text: str) -> str:
    return CONVERTER.convert(text).html


def test_targets_are_replaced_and_pictures_sized() -> None:
    body = html('[a](one.md?x=1&y=2)\n\n![Box "big"](box.png)')
    done = rewrite_targets(
        body, {"one.md?x=1&y=2": "../one/?a=1&b=2", "box.png": "../media/box.png"}, {"box.png": (30, 20)}
    )
    assert 'href="../one/?a=1&amp;b=2"' in done
    assert '<img width="30" height="20"' in done
    assert 'src="../media/box.png"' in done


def test_a_link_to_nothing_leaves_its_text_and_a_missing_image_its_alternative() -> None:
    done = rewrite_targets(html("[the **form**](gone.md) ![A box](gone.png)"), {"gone.md": None, "gone.png": None})
    assert "<a>the <strong>form</strong></a>" in done
    assert '<span class="kb-missing-image">A box</span>' in done


def test_a_cut_section_keeps_its_anchor() -> None:
    body = html("Start.\n\n## What changed\n\nNew fee.\n\n### Before\n\nOld fee.\n\n## Rest\n\nEnd.")
    rest, section = cut_section(body, "what-changed")
    assert "New fee" not in rest
    assert "End." in rest
    assert section.startswith('<span id="what-changed"></span><p>New fee.')
    assert "Old fee" in section
    assert cut_section(body, "no-such") == (body, "")


@pytest.mark.parametrize("source", ["[words]()", "[words](<>)", '<a href="">words</a>', "<a href=''>words</a>"])
def test_a_link_without_a_target_leads_nowhere(source: str) -> None:
    assert "<a>words</a>" in rewrite_targets(html(source), {})
