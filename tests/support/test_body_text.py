"""Bodies become plain text that keeps numbers, rows and addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.config import Extensions
from kb_builder.markdown.convert import Converter
from kb_builder.support.body_text import as_paragraphs, as_sentences, as_written, blocks, section, steps
from kb_builder.support.pointers import saying, without_pointers

BODY = """\
First words with a [link](https://shop.example.com/orders) and the [same](https://shop.example.com/orders).

## How it works

Do this:

1. Open **Your orders**.
2. Select [Track](track.md)
    - by parcel
    - by order

## Times

| Delivery | Days |
|---|---|
| Standard | 2 to 4 |
| Islands | 5 working days |

| Option | Price | Time |
|---|---|---|
| Next day | £5.95 | 1 day |

### Later

After that.
"""
CONVERTER = Converter(Extensions(("tables", "toc", "sane_lists")))


def html(text: str) -> str:
    return CONVERTER.convert(text).html


def test_lists_stay_numbered_and_rows_become_lines() -> None:
    assert as_paragraphs(blocks(html(BODY))) == (
        "First words with a link (https://shop.example.com/orders) and the same.\n\n"
        "How it works:\nDo this:\n\n1. Open Your orders.\n2. Select Track by parcel; by order.\n\n"
        "Times:\nStandard: 2 to 4\nIslands: 5 working days\n\n"
        "Next day: £5.95; Time: 1 day\n\nLater:\nAfter that."
    )


def test_a_section_includes_its_subsections_and_fits_one_line() -> None:
    found = blocks(html(BODY))
    assert as_sentences(section(found, "times")) == (
        "Standard: 2 to 4. Islands: 5 working days. Next day: £5.95; Time: 1 day. Later: After that."
    )
    assert as_sentences(section(found, "later")) == "After that."
    parts = "We need to know:\n\n- the order number,\n- what is missing\n- a photo\n\nThen we look.\n"
    assert as_sentences(blocks(html(parts))) == (
        "We need to know: the order number; what is missing; a photo. Then we look."
    )
    assert as_sentences(blocks(html("- One\n- two\n"))) == "One. two."
    assert section(found, "none") == ()


def test_steps_are_the_first_numbered_list_or_the_first_table() -> None:
    assert as_paragraphs(steps(blocks(html(BODY)))).startswith("Do this:\n\n1. Open Your orders.")
    table = blocks(html("## Prices\n\n| A | B |\n|---|---|\n| x | y |\n"))
    assert as_paragraphs(steps(table)) == "Prices:\nX: y"
    assert steps(blocks(html("Just text."))) == ()
    ways = "| Way | Cost |\n|---|---|\n| Card | Nothing |\n\n## Save a card\n\n1. Open it.\n"
    assert as_paragraphs(steps(blocks(html(ways)))) == "Card: Nothing"
    assert as_paragraphs(steps(blocks(html("## First\n\n" + ways)))) == "Save a card:\n1. Open it."


def test_what_text_cannot_show_leaves_no_colon() -> None:
    """A picture below a step, marks of footnotes, the title of a box within a step."""
    body = (
        "1. Plug it in as shown in the picture below:\n\n    ![](a.png)\n\n"
        "2. Check these:\n    - the lamp:\n    - the fuse\n"
        "\nIt looks like this:\n\n## Next\n\nAs before.\n"
    )
    assert as_paragraphs(blocks(html(body))) == (
        "1. Plug it in.\n2. Check these: the lamp; the fuse.\n\nIt looks like this.\n\nNext:\nAs before."
    )
    box = '<ol><li><p>Wait.</p><div><p class="admonition-title">Note</p><p>Ten minutes.</p></div></li></ol>'
    assert as_paragraphs(blocks(box)) == "1. Wait. Note: Ten minutes."
    alone = '<div><p class="admonition-title">{}</p>{}</div><p>Then go.</p>'
    note = alone.format("Note", "<p>Ten minutes.</p>")
    assert as_paragraphs(blocks(note)) == "Note: Ten minutes.\n\nThen go."
    need = alone.format("You need", "<ul><li>tape</li></ul>")
    assert as_paragraphs(blocks(need)) == "You need:\n\n- tape\n\nThen go."
    table = "| Board | Pins |\n|---|---|\n| Zero** | 3* |\n"
    assert as_paragraphs(blocks(html(table))) == "Zero: 3"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Do this. Follow the steps below.", "Do this."),
        ("This article explains how to pay. You pay by card.", "You pay by card."),
        ("Learn how to reset it. Two steps are enough.", "Two steps are enough."),
        ("Erfahren Sie mehr über Konten. Es gibt zwei.", "Es gibt zwei."),
        ("In diesem Artikel geht es um Konten. Zwei gibt es.", "Zwei gibt es."),
        ("Read about accounts below. They differ in two ways.", "Read about accounts. They differ in two ways."),
        ("Write to us with the form below.", "Write to us with the form."),
        ("Parcels below 2 kg are free.", "Parcels below 2 kg are free."),
        ("This may occur:", ""),
        ("If the light stays off, read the following. Some boards have none.", "Some boards have none."),
        ("Board not found?", ""),
        ("Follow these steps if it stays black. Charge it.", "Charge it."),
        ("This quick tutorial shows how. Press reset.", "Press reset."),
        ("This changes the page. Wait.", "This changes the page. Wait."),
        ("No board? Look at the cable.", "No board? Look at the cable."),
        ("", ""),
    ],
)
def test_first_words_say_something_by_themselves(text: str, left: str) -> None:
    assert saying([text]) == left
    assert saying([text, "Something else."]) == (left or "Something else.")


def test_what_a_last_step_announces_comes_with_it() -> None:
    """A colon at the end of a message promises what never comes."""
    body = "1. Open it.\n2. You see one of these:\n\n| Status | Meaning |\n|---|---|\n| Sent | On its way |\n\nMore.\n"
    assert as_paragraphs(steps(blocks(html(body)))) == "1. Open it.\n2. You see one of these:\n\nSent: On its way"
    assert as_paragraphs(steps(blocks(html("1. Open it:\n\n## Next\n\nMore.\n")))) == "1. Open it."


def test_a_row_begins_with_a_capital_unless_its_case_matters() -> None:
    rows = "| You want to | Do |\n|---|---|\n| add one | Order again |\n| iPhone | Sell it |\n| `session` | Kept |\n"
    assert blocks(html(rows))[0].lines == ("Add one: Order again", "iPhone: Sell it", "session: Kept")


@given(st.text(max_size=300))
def test_any_text_gives_lines_without_breaks(text: str) -> None:
    for block in blocks(html(text)):
        assert all(line == " ".join(line.split()) for line in block.lines)


def test_what_points_at_the_page_is_no_part_of_a_message() -> None:
    found = blocks(
        '<ol><li>Choose how it travels (table below).</li><li>Tell us. <a href="../hacked/">Hacked accounts</a>.</li>'
        '<li><a href="../hacked/">Read more</a></li><li>See <a href="#costs">the costs</a>.</li></ol>'
    )
    assert without_pointers("25 % (see the table), 50 % (twice)") == "25 %, 50 % (twice)"
    assert found[0].lines == ("Choose how it travels.", "Tell us.", "Read more", "See the costs.")
    for text in ("(siehe Tabelle)", "(Tabelle unten)", "(unten)", "(voir le tableau ci-dessous)", "(véase la tabla)",
                 "(vedi sotto)", "(zie de tabel)", "(انظر الجدول)"):  # fmt: skip
        assert without_pointers(f"One {text}, two") == "One, two"
    for text in ("(Tabellen ab 5 €)", "(under £200)", "(list price)"):
        assert without_pointers(f"One {text}, two") == f"One {text}, two"


def test_a_step_that_is_a_link_stays_and_a_pointer_in_a_text_goes() -> None:
    steps = '<ol><li><a href="reset.md">Set a new password</a>. Everybody else is signed out.</li></ol>'
    assert blocks(steps)[0].lines == ("Set a new password. Everybody else is signed out.",)
    cells = '<td>In use</td><td>You know us. <a href="reset.md">Reset it</a></td>'
    row = f"<table><tr><th>A</th><th>B</th></tr><tr>{cells}</tr></table>"
    assert blocks(row)[0].lines == ("In use: You know us. Reset it",)
    text = '<p>It lasts a day. <a href="reset.md">Reset your password</a>.</p>'
    assert blocks(text)[0].lines == ("It lasts a day.",)
    begun = '<p>It lasts a day. <a href="reset.md">Show us</a> and choose. Goodbye.</p>'
    assert blocks(begun)[0].lines == ("It lasts a day. Show us and choose. Goodbye.",)
    led = 'If you forgot it, see <a href="reset.md">I can\'t sign in</a>.'
    assert blocks(f"<p>{led}</p>") == ()
    assert blocks(f"<p>Sign in. {led} Then pay.</p>")[0].lines == ("Sign in. Then pay.",)
    assert blocks(f"<ol><li>{led}</li></ol>")[0].lines == ("If you forgot it, see I can't sign in.",)
    assert blocks('<p>See <a href="https://a.example">A</a>.</p>')[0].lines == ("See A (https://a.example).",)


def test_a_table_of_links_is_no_part_of_the_steps() -> None:
    head = "## Find your situation\n\n| Situation | What to do |\n|---|---|\n"
    menu = f"{head}| It broke | [Report it](b.md) |\n| It is late | [My parcel is late](c.md) within 30 days |\n"
    assert steps(blocks(html(menu))) == ()
    prices = "\n## Prices\n\n| Way | Price |\n|---|---|\n| Post | £1 |\n"
    assert as_paragraphs(steps(blocks(html(menu + prices)))) == "Prices:\nPost: £1"
    assert steps(blocks(html(f"{head}| It broke | [Report it](b.md) |\n| Else | Call |\n| More | Ask |\n"))) != ()


def test_a_list_of_links_is_no_first_words() -> None:
    (contents, other) = blocks(html("- [Reset](#reset)\n- [Erase](erase.md)\n- More\n\nText\n\n"))
    assert (contents.kind, as_written(contents), as_written(other)) == ("menu", "", "Text")
    assert as_sentences([contents]) == "Reset. Erase. More."
    assert [block.kind for block in blocks(html("- [Reset](#reset) it\n- [Buy](https://a.example)\n"))] == ["bullets"]


def test_a_cell_that_only_points_at_the_page_is_left_out() -> None:
    for pointer in ("see below", "See the table above.", "siehe unten", "انظر أدناه"):
        table = f"| State | Means | Time |\n|---|---|---|\n| Sent | It left | {pointer} |\n"
        assert as_paragraphs(blocks(html(table))) == "Sent: It left", pointer


def test_a_column_may_be_a_question_and_a_first_cell_empty() -> None:
    head = "<tr><th>Status</th><th>Meaning</th><th>May I cancel?</th></tr>"
    rows = "<tr><td>Sent</td><td>On its way</td><td>No</td></tr><tr><td>New</td><td></td><td>Yes</td></tr>"
    assert blocks(f"<table>{head}{rows}</table>")[0].lines == (
        "Sent: On its way; May I cancel? No",
        "New – May I cancel? Yes",
    )


def test_the_number_of_a_footnote_is_no_part_of_a_message() -> None:
    text = '<p>Since 2023<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>.</p>'
    assert blocks(text)[0].lines == ("Since 2023.",)
