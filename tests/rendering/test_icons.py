"""Icons from Material's sets."""

import pytest

from kb_builder.errors import InputError
from kb_builder.pages import topic_icons
from kb_builder.rendering import icons


@pytest.mark.parametrize("name", [*icons.INTERFACE, topic_icons.DEFAULT, *(icon for _, icon in topic_icons._BY_TOPIC)])
def test_every_icon_we_name_exists_and_is_hidden_from_screen_readers(name: str) -> None:
    drawn = icons.svg(name)
    assert drawn.startswith('<svg class="kb-icon" viewBox="0 0 ')
    assert 'aria-hidden="true"' in drawn


@pytest.mark.parametrize("name", ["truck", "material/truck", ":material/truck.svg", "simple/x", " Truck "])
def test_names_are_read_as_authors_write_them(name: str) -> None:
    assert icons.check(name) in ("material/truck", "simple/x")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("truk", 'did you mean "truck"?'),
        ("material/gift-outlin", 'did you mean "gift-outline"?'),
        ("fontawesome/solid/hous", "house"),
    ],
)
def test_an_unknown_icon_is_an_error_with_a_suggestion(name: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        icons.check(name)
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["../../../etc/passwd", "material/../../partials/x", "", "/"])
def test_an_icon_is_never_a_path(name: str) -> None:
    with pytest.raises(InputError):
        icons.check(name)


@pytest.mark.parametrize(
    ("words", "icon"),
    [
        ("delivery Delivery", "truck-delivery-outline"),
        ("returns Returns and refunds", "undo-variant"),
        ("rueckgabe Rückgabe und Erstattung", "undo-variant"),
        ("konto Ihr Konto", "account-circle-outline"),
        ("x Ganz anderes", "help-circle-outline"),
    ],
)
def test_a_topic_without_an_icon_gets_one_by_its_name(words: str, icon: str) -> None:
    assert topic_icons.default_name(words) == f"material/{icon}"
