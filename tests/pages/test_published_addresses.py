"""Every address once published is a page, a redirect, a notice, or an error that says how to keep it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kb_builder.content.inventory import Entry
from kb_builder.content.redirect_chains import Gone
from kb_builder.content.redirects import parse_redirects, resolve
from kb_builder.errors import Severity
from kb_builder.model import Article, Heading, Outline
from kb_builder.pages.attachments import SAVED_FOLDER, SHOWN_FOLDER
from kb_builder.pages.live import Live
from kb_builder.pages.lost_addresses import LostAddresses
from kb_builder.pages.published_addresses import Retired, entries
from kb_builder.pages.retiring import retire

OUTLINE = Outline(headings=(Heading(2, "late", "Late"),), anchors=("late", "_1"))


def article(id: str, url: str, **fields: object) -> Article:
    path = f"content/articles/{url.rstrip('/')}.md"
    return Article(id, path, url, id, "", 5, **fields)  # type: ignore[arg-type]


TRACK, SEND = article("track", "faq/orders/track/"), article("send", "faq/returns/send/")
PICTURE = {"media/0123456789ab/map.png": "content/articles/faq/map.png"}


def live(*articles: Article, media: dict[str, str] | None = None) -> Live:
    pages = {url: item.id for item in articles for url in (item.url, f"a/{item.id}/")}
    folders = {f"{item.url.rstrip('/').rpartition('/')[0]}/" for item in articles}
    lists = dict.fromkeys((*folders, "", "faq/", "all/", "trending/", "contact/"), "")
    return Live({**lists, **pages}, {item.id: item for item in articles}, lambda _: OUTLINE, media or {})


BEFORE = entries({}, live(TRACK, SEND, media=PICTURE), Retired(), "2026-03-01")


def found(
    *articles: Article, rules: str = "", withheld: tuple[Article, ...] = (),
    once_public: dict[str, Entry] | None = None, media: dict[str, str] | None = None,
) -> Retired:  # fmt: skip
    parsed, findings = parse_redirects(rules, "content/redirects.yml")
    assert not findings
    redirects = resolve(parsed, (*articles, *withheld), "https://help.example.com/")
    assert not redirects.findings
    media = PICTURE if media is None else media
    once_public, now = BEFORE if once_public is None else once_public, live(*articles, media=media)
    retired = retire(once_public, now, redirects, withheld)
    lost = LostAddresses(once_public, now.pages, now.articles, retired.lost).findings()
    return replace(retired, lost={}, findings=(*retired.findings, *lost))


def errors(retired: Retired) -> list[str]:
    return [str(finding) for finding in retired.findings if finding.severity is Severity.ERROR]


def test_what_is_published_is_in_the_inventory() -> None:
    assert BEFORE["faq/orders/track/"] == Entry("faq/orders/track/", "track", "2026-03-01")
    assert {"a/track/", "a/track/#late", "faq/orders/track/index.md", "faq/orders/", *PICTURE} <= BEFORE.keys()
    assert found(TRACK, SEND) == Retired()
    assert entries(BEFORE, live(TRACK, SEND, media=PICTURE), Retired(), "2027-01-01") == BEFORE


def test_a_deleted_article_is_an_error_that_names_every_address() -> None:
    (error,) = errors(found(SEND))
    for address in ("/a/track/", "/a/track/#late", "/faq/orders/track/", "/faq/orders/track/index.md"):
        assert f'"{address}"' in error
    assert "kb rm track --replaced-by ID" in error


def test_a_renamed_file_is_an_error_that_names_the_redirect() -> None:
    (error,) = errors(found(replace(TRACK, url="faq/orders/find/"), SEND))
    assert "redirect_from: [/faq/orders/track/]" in error


def test_a_changed_id_is_an_error_that_names_both() -> None:
    (error,) = errors(found(replace(TRACK, id="find"), SEND))
    assert 'was "track" and is "find" now' in error
    assert "track: find" in error
    assert errors(found(replace(TRACK, id="find"), SEND, rules="track: find\n")) == []


def test_an_id_given_to_another_article_is_an_error_that_names_both() -> None:
    swapped = errors(found(replace(TRACK, id="send"), replace(SEND, id="track")))
    assert any('"/faq/orders/track/" was the URL of "track" and now shows "send"' in error for error in swapped)


def test_an_anchor_that_is_gone_is_an_error_with_two_ways_to_keep_it() -> None:
    once_public = BEFORE | {
        "a/track/#lost": Entry("a/track/#lost", "track#lost"),
        "a/track/#_1": Entry("a/track/#_1", "track#_1"),
    }
    (error,) = errors(found(TRACK, SEND, once_public=once_public))
    assert '"/a/track/#lost" would be lost' in error
    assert "## Heading {#lost}" in error
    assert "track#lost: track#late" in error
    assert errors(found(TRACK, SEND, once_public=once_public, rules="track#lost: send\n")) == []
    assert errors(found(TRACK, SEND, once_public=once_public, rules="track#lost: {gone: no}\n")) == []


@pytest.mark.parametrize(
    ("change", "notice"),
    [
        ({"draft": True}, Gone()),
        ({"audience": "staff"}, Gone()),
        ({"expiry_date": datetime(2026, 3, 3, tzinfo=UTC)}, Gone(withdrawn=date(2026, 3, 3))),
        ({"draft": True, "replaced_by": "send"}, Gone(replaced_by="send")),
    ],
)
def test_withdrawing_is_no_error_and_gives_a_notice(change: dict[str, object], notice: Gone) -> None:
    retired = found(SEND, withheld=(replace(TRACK, **change),), rules="/old/: track\n")  # type: ignore[arg-type]
    assert errors(retired) == []
    assert retired.notices == dict.fromkeys(("old/", "a/track/", "faq/orders/track/"), notice)
    assert retired.copies == {"faq/orders/track/index.md": ""}


def test_what_was_never_public_has_no_notice() -> None:
    secret = article("secret", "faq/secret/", draft=True, redirect_from=("/older/",))
    retired = found(TRACK, SEND, withheld=(secret,), rules="/old/: secret\n")
    assert retired.notices == retired.redirects == {}
    assert [finding.code for finding in retired.findings] == ["redirect-to-withheld"]


def test_a_removed_article_with_a_reason_has_a_notice_at_all_its_addresses() -> None:
    retired = found(SEND, rules="a/track/: {gone: Too slow., replaced_by: send, withdrawn: 2026-03-03}\n")
    assert errors(retired) == []
    assert retired.notices == dict.fromkeys(
        ("a/track/", "faq/orders/track/"), Gone("Too slow.", "send", date(2026, 3, 3))
    )


def test_a_merged_article_is_a_redirect_in_one_hop_and_its_copy_is_the_others() -> None:
    retired = found(SEND, rules="track: older\nolder: send\n")
    assert errors(retired) == []
    assert retired.redirects["faq/orders/track/"] == retired.redirects["a/track/"] == "faq/returns/send/"
    assert retired.copies == {"faq/orders/track/index.md": "send"}


def test_the_page_of_a_folder_leads_to_where_its_articles_went_or_to_the_one_above() -> None:
    moved = replace(TRACK, url="faq/shipping/track/")
    retired = found(moved, SEND, rules="/faq/orders/track/: track\n")
    assert retired.redirects["faq/orders/"] == "faq/shipping/"
    assert found(SEND, withheld=(replace(TRACK, draft=True),)).redirects["faq/orders/"] == "faq/"


@pytest.mark.parametrize("folder", [SHOWN_FOLDER, SAVED_FOLDER])
def test_a_file_keeps_its_address_when_it_is_renamed_or_changed_and_may_go(folder: str) -> None:
    old, source = f"{folder}/0123456789ab/map.png", "content/articles/faq/map.png"
    once_public = entries({}, live(TRACK, SEND, media={old: source}), Retired(), "2026-03-01")
    renamed = {f"{folder}/0123456789ab/plan.png": "content/articles/faq/plan.png"}
    assert found(TRACK, SEND, once_public=once_public, media=renamed).media == {old: f"{folder}/0123456789ab/plan.png"}
    changed = found(TRACK, SEND, once_public=once_public, media={f"{folder}/ffffffffffff/map.png": source})
    assert changed.media == {old: f"{folder}/ffffffffffff/map.png"}
    assert changed.redirects == {}
    gone = found(TRACK, SEND, once_public=once_public, media={})
    assert [(finding.code, finding.severity) for finding in gone.findings] == [("media-gone", "warning")]
    assert found(TRACK, SEND, once_public=once_public, media={}, rules=f"/{old}: {{gone: wrong}}\n").findings == ()


def test_a_picture_keeps_its_address_when_another_one_had_its_old_bytes_for_a_while() -> None:
    own, other = "content/articles/faq/map.png", "content/articles/faq/plan.png"
    both = {"media/ffffffffffff/map.png": own, "media/0123456789ab/plan.png": other}
    retired = found(TRACK, SEND, media=both)
    later = entries(BEFORE, live(TRACK, SEND, media=both), retired, "2027-01-01")
    moved = {"media/ffffffffffff/map.png": "content/articles/new/map.png", "media/0123456789ab/plan.png": other}
    later = entries(
        later, live(TRACK, SEND, media=moved), found(TRACK, SEND, once_public=later, media=moved), "2027-01-02"
    )
    alone = found(TRACK, SEND, once_public=later, media={"media/ffffffffffff/map.png": "content/articles/new/map.png"})
    assert alone.media["media/0123456789ab/map.png"] == "media/ffffffffffff/map.png"


def test_a_picture_that_moved_and_changed_while_nothing_showed_it_is_found_by_its_folders_redirect() -> None:
    moved = {"media/ffffffffffff/map.png": "content/articles/guides/map.png"}
    new = (replace(TRACK, url="guides/track/"), replace(SEND, url="guides/send/"))
    rules = "/faq/: /guides/\n/faq/orders/track/: track\n/faq/returns/send/: send\n"
    retired = found(*new, media=moved, rules=rules)
    assert retired.media["media/0123456789ab/map.png"] == "media/ffffffffffff/map.png"


def test_a_redirect_to_a_list_whose_articles_are_all_withdrawn_never_stops_a_build() -> None:
    retired = found(TRACK, withheld=(replace(SEND, draft=True),), rules="/faq/sending/: /faq/returns/\n")
    assert errors(retired) == []
    assert retired.redirects["faq/sending/"] == "faq/"
    (warning,) = (finding for finding in retired.findings if finding.code == "redirect-to-withheld")
    assert str(warning).endswith('until something is, it leads to "/faq/"')


def test_an_article_with_moved_anchors_can_be_merged_into_one_without_them() -> None:
    retired = found(TRACK, rules="send#old: send#new\nsend: track\n/faq/returns/send/: track\n")
    assert errors(retired) == []
    assert retired.redirects["a/send/"] == "faq/orders/track/"


def test_an_anchor_whose_text_moved_to_a_withdrawn_article_leads_to_its_notice() -> None:
    rules = "track#in-the-shop: send\nsend: {gone: We no longer do.}\n"
    retired = found(TRACK, rules=rules)
    assert errors(retired) == []
    assert "a/send/" in retired.notices


def test_an_adopted_address_that_nothing_answers_is_an_error_with_the_nearest_id() -> None:
    once_public = {"help/trak.html": Entry("help/trak.html")}
    (error,) = errors(found(TRACK, SEND, once_public=once_public))
    assert "/help/trak.html: track" in error
    assert errors(found(TRACK, SEND, once_public=once_public, rules="help/trak.html: track\n")) == []


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("old: track#laet\n", 'which no heading of content/articles/faq/orders/track.md has\n  did you mean "#late"?'),
        ("old: /s/islands/\n", 'there is no page at "s/islands/"'),
        ("track#late: send\n", '"track#late" is in use: a heading of content/articles/faq/orders/track.md'),
    ],
)  # fmt: skip
def test_redirects_that_lead_nowhere(rules: str, said: str) -> None:
    parsed, _ = parse_redirects(rules, "content/redirects.yml")
    empty = article("x", "faq/invoices/x/", draft=True)
    redirects = resolve(parsed, (TRACK, SEND, empty))
    assert any(said in error for error in errors(retire({}, live(TRACK, SEND), redirects, (empty,))))


def test_a_page_that_lives_is_never_covered() -> None:
    retired = found(TRACK, SEND, rules="/old/: track\n")
    assert retired.redirects == {"old/": "faq/orders/track/"}


def test_the_file_of_an_older_site_is_answered_by_a_redirect_that_names_it() -> None:
    """Redirects end in a slash, which a host adds; a line of the inventory that was typed may not."""
    once_public = {**BEFORE, "old.pdf": Entry("old.pdf", "track")}
    assert errors(found(TRACK, SEND, once_public=once_public))
    assert errors(found(TRACK, SEND, once_public=once_public, rules="/old.pdf: track\n")) == []
