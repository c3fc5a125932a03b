"""Messages and the documents they are about."""

from search_index import Document, Matcher, Section, analyse, build_index

DOCUMENTS = [
    Document("refund", "r/", "When do I get my refund?", sections=(Section("", "", "A refund takes five days."),)),
    Document("track", "t/", "Track a parcel", sections=(Section("", "", "Follow your parcel with its number."),)),
    Document("cancel", "c/", "Cancel an order", sections=(Section("", "", "Orders can be cancelled for an hour."),)),
    Document("account", "a/", "Delete my account", sections=(Section("", "", "We forget your address."),)),
]


def matcher() -> Matcher:
    return Matcher(build_index([analyse(document, "en") for document in DOCUMENTS], language="en"))


def test_messages_are_matched_typos_included():
    matches = matcher().match(
        ["where is the refnud you promised", "pls cancel my oder", "my account must go: delete it"]
    )
    assert [match and match[0] for match in matches] == ["refund", "cancel", "account"]


def test_what_is_about_nothing_here_is_not_matched():
    assert matcher().match(["", "zebra xylophone", "the of and", "\ud800"]) == [None, None, None, None]


def test_a_clear_message_is_surer_than_a_vague_one():
    clear, vague = matcher().match(["track a parcel", "an order, a parcel, a refund, an account"])
    assert clear is not None
    assert vague is not None
    assert 0 <= vague[1] < clear[1] <= 1


def test_one_document_is_enough():
    only = Matcher(build_index([analyse(DOCUMENTS[0], "en")], language="en"))
    assert only.match(["refund"])[0] is not None
