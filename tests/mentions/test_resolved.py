from datetime import date, timedelta
from pathlib import Path

from kb_builder.mentions.resolved import LEARNED_CUSTOMERS, MENTIONS_EACH
from tests.made_mentions import LAST, Row, read, row, write_csv

DAY = timedelta(days=1)


def resolved(tmp_path: Path, rows: list[Row], name: str = "m.csv") -> list[tuple[str, str]]:
    """Article and text of what was handed to the learner, sorted."""
    found: list[tuple[str, str]] = []

    def learn(mentions):
        found.extend((article, text) for article, _, text in mentions)
        return b""

    read(write_csv(tmp_path / name, rows), learn=learn)
    return sorted(found)


def test_only_mentions_with_an_article_are_learned_from(tmp_path: Path) -> None:
    rows = [row(LAST, "a", "topic-a", text="My <b>parcel</b>, ann@example.com"), row(LAST, "b", "", text="open")]
    rows += [row(date(2027, 1, 1), "c", "topic-b", text="later"), row(LAST, "d", "gone", text="no such article")]
    assert resolved(tmp_path, rows) == [("topic-a", "My parcel ,")]


def test_a_repeated_row_is_learned_from_once(tmp_path: Path) -> None:
    rows = [row(LAST, "a", "topic-a", text="my parcel")]
    assert resolved(tmp_path, rows + rows * 5000) == [("topic-a", "my parcel")]


def test_copied_posts_are_not_learned_from(tmp_path: Path) -> None:
    text = "this parcel service is a scam, boycott them all"
    rows = [row(LAST, f"c{number}", "topic-a", channel="twitter", text=text) for number in range(9)]
    rows += [row(LAST, f"d{number}", "topic-b", channel="email", text=text) for number in range(9)]
    assert {article for article, _ in resolved(tmp_path, rows)} == {"topic-b"}


def test_a_customer_is_learned_from_a_few_times_per_article(tmp_path: Path) -> None:
    rows = [
        row(LAST - DAY * number, "a", article, text=f"text {number}")
        for number in range(30)
        for article in ("topic-a", "topic-b")
    ]
    assert len(resolved(tmp_path, rows)) == 2 * MENTIONS_EACH


def test_many_customers_of_an_article_are_sampled_whatever_their_texts_say(tmp_path: Path) -> None:
    def rows(text: str) -> list[Row]:
        return [{**row(LAST, f"c{number}", "topic-a"), "text": f"{text} {number}"} for number in range(4_000)]

    plain, other = resolved(tmp_path, rows("a")), resolved(tmp_path, rows("b"))
    assert LEARNED_CUSTOMERS / 3 < len(plain) < LEARNED_CUSTOMERS * 1.5
    assert [text[1:] for _, text in plain] == [text[1:] for _, text in other]
