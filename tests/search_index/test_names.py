"""Names with signs, digits or capitals within are found however their pieces are typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.codes import codes_of_query
from search_index.names import is_name_key, name_key
from search_index.text_forms import forms_of
from search_index.words import words
from tests.search_index.small_indexes import article, found, reader

PIECE = st.from_regex(r"\A[a-z]{2,6}\Z")
SHOP = reader(
    article("errors", "Network trouble", "ERR_CONN_RESET: the line broke. Windows says 0x80070005: Access denied."),
    article("reset", "Reset your password", "We send a link. A connection is needed."),
    article("access", "Access to your account", "Ask for access."),
    article("kit", "Set up the developer kit", "It needs Node.js 20, .NET 8 and C++. Or take HomeKit."),
    article("dots", "What a dot on the lamp means", "The net price is no node. A home kit is in the box. It says C."),
    article("phones", "Pair a device", "An iPhone 15, a Galaxy S23+ and a PS5 work, and so does USB-C."),
    article("plus", "Plus membership", "Plus has Disney+ and more, 24/7."),
    article("pal", "Invite a pal", "You pay nothing."),
    article("desk", "Install it on a desktop", "For Windows 11 and PlayStation 4. Pets@kettlemoor.example."),
    article("safety", "Two-factor sign-in", "Cards with 3D Secure ask for a code."),
    article("panes", "Clean windows and pets", "A win for 11 pets of Kettlemoor, an example. Secure 3 by 5."),
    article("wallet", "Use a wallet", "PayPal works, TCP/IP does not. An E-21 or v4.7.1 is shown."),
)


def index_forms(text: str) -> set[str]:
    """What the index holds of a text."""
    return {*spellings(text), *forms_of(text, frozenset(), eliding=False)[1]}


def spellings(text: str, *stops: str) -> list[str]:
    """What the index holds of a text besides its words."""
    return forms_of(text, frozenset(stops), eliding=False)[0]


def query_forms(query: str) -> set[str]:
    """What a query is looked up as: a single word, or the key of several, and codes."""
    typed = words(query, eliding=False)
    return {*(typed if len(typed) == 1 else [name_key(typed), "".join(typed)]), *codes_of_query(query)}


@pytest.mark.parametrize(
    ("query", "id"),
    [
        *((query, "errors") for query in ("conn reset", "err conn reset", "ERR-CONN-RESET", "connreset", "conn_reset")),
        *((query, "kit") for query in ("nodejs", "node js", "Node.JS", "node-js", "dot net", "dotnet", "home kit")),
        *((query, "kit") for query in ("c++", "c plus plus", "cpp", "cplusplus")),
        *((query, "phones") for query in ("iphone15", "iphone 15", "i phone", "ps 5", "ps-5", "usb c", "usbc", "s23")),
        *((query, "desk") for query in ("win11", "win 11", "Win-11", "windows11", "ps4", "pets@kettlemoor.example")),
        *((query, "safety") for query in ("3ds", "3DS", "3d secure", "2factor", "2factor sign in", "2 factor")),
        *((query, "kit") for query in ("c + +", "c ++", "C + +")),
        *((query, "plus") for query in ("disney", "disney plus", "disneyplus", "disney+", "24 7")),
        *((query, "wallet") for query in ("pay pal", "paypal", "tcp ip", "tcpip", "e 21", "e21", "4.7.1")),
    ],
)
def test_the_article_with_the_name_comes_first(query, id):
    assert found(SHOP, query)[0] == id


def test_a_name_in_pieces_finds_its_other_spellings_too():
    search = reader(
        article("review", "Write a review", "By e-mail or T-Mobile."), article("email", "Change your email")
    )
    assert found(search, "e mail") == ["email", "review"]


def test_a_sign_in_front_is_part_of_a_name():
    search = reader(
        article("signs", "Where to look", "Post to #general or (@help), run it with --dry-run and edit .env or .NET."),
        article("general", "General help"),
        article("net", "Net and gross"),
        article("dry", "Run dry"),
        article("wireless", "Pick a router", "Ours have Wi-Fi 6 and a USB-C port."),
        article("fidelity", "Hi-fi and wi-fi", "6 of them"),
    )
    for query in (".net", "#general", "@help", "--dry-run", ".env"):
        assert found(search, query)[0] == "signs", query
    for query, id in (("net", "net"), ("general", "general"), ("dry run", "dry"), ("- general", "signs")):
        assert found(search, query)[0] == id, query
    for query in ("wifi6", "wi-fi 6", "wifi 6"):
        assert found(search, query)[0] == "wireless", query


def test_a_title_with_a_word_typed_apart_comes_before_one_with_a_half_of_it():
    search = reader(
        article("file", "Edit .htaccess on your space", "Redirects are in the htaccess file."),
        article("access", "Give somebody access", "Access rights are given under Team. Access can end."),
        article("podcast", "Create an account for a podcast", "A podcast."),
        article("cast", "A cast on a leg", "The cast stays on."),
    )
    assert found(search, "ht access")[0] == "file"
    assert found(search, "pod cast")[0] == "podcast"


def test_words_are_no_names():
    assert found(SHOP, "reset")[0] == "reset"
    assert found(SHOP, "plus")[0] == "plus"
    for text in ("sign up for and/or", "pre-order 30 days", "Well-known. Then 12.50", "09:00-17:00"):
        assert not any(map(is_name_key, spellings(text)))
    assert spellings("see https://help.example.com/Help/Page2 and 1st") == []
    assert spellings("In 2024", "in") == []


def test_an_article_with_each_word_is_a_result_however_far_behind():
    assert "errors" in found(SHOP, "access denied")
    assert "errors" not in found(SHOP, "access")


@given(st.lists(PIECE, min_size=2, max_size=4), st.sampled_from("_.&"), st.sampled_from(["", " ", "-", "_", ".", "/"]))
def test_a_name_in_pieces_is_found_in_every_spelling(pieces, written, typed):
    name = written.join(pieces)
    for text in (name.title(), name.upper()):
        assert index_forms(f"Then {text} is shown.") & query_forms(typed.join(pieces))


@given(PIECE, PIECE, st.integers(1, 99), st.integers(0, 99), st.sampled_from(["{0}{1}", "{0}{1}.{2}", "{0}{1}{2}"]))
def test_a_name_with_a_version_is_found_in_every_spelling(word, other, number, decimals, typed):
    for name in (word.title(), f"{word.title()}.{other}"):
        forms = index_forms(f"the {name} {number}.{decimals}, needs")
        assert forms & query_forms(typed.format(name.lower(), number, decimals))
    assert f"{word}{number}" in forms
    assert f"{word}x{number}" in index_forms(f"the {word.title()} X{number} needs")


@given(PIECE, PIECE, st.sampled_from(["", " ", "-", "_"]))
def test_a_name_with_capitals_within_is_found_in_every_spelling(first, second, typed):
    assert index_forms(f"Use {first}{second.title()} now.") & query_forms(typed.join((first, second)))


@given(PIECE, st.from_regex(r"\A[1-9][0-9]{0,3}\Z"), st.sampled_from(["", " ", "-"]), st.sampled_from(["", " ", "-"]))
def test_a_name_with_a_number_is_found_in_every_spelling(word, number, written, typed):
    forms = index_forms(f"the {word.title()}{written}{number} needs")
    assert forms & query_forms(f"{word}{typed}{number}")


@given(st.text(), st.lists(PIECE, min_size=2, max_size=5), st.sampled_from("_./&-+#"))
def test_what_is_typed_in_pieces_is_also_known_in_one_word(text, pieces, joint):
    """So the key of a name, which is no word, is never the nearest to a typo."""
    forms = index_forms(f"{text} {joint.join(pieces).upper()} {text}")
    for key in filter(is_name_key, forms):
        assert key.replace("_", "") in forms or len(key) == 40
