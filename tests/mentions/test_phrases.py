from datetime import timedelta
from pathlib import Path

from tests.made_mentions import LAST, read, row, stream, write_csv

DAY = timedelta(days=1)


def said(text: str, customers: int, who: str = "c") -> list[dict[str, str]]:
    return [row(LAST, f"{who}{number}", "", text=text) for number in range(customers)]


def test_addresses_links_and_long_numbers_are_in_no_phrase(tmp_path: Path) -> None:
    text = "ann@example.com at https://x.example/p card 4111111111111111 is <b>broken</b> again"
    names = set(read(write_csv(tmp_path / "m.csv", said(text, 6))).phrases.names)
    assert {"broken", "broken again", "card"} <= names
    assert not any("4111" in name or "example" in name or "ann" in name for name in names)


def test_words_of_any_script_are_words(tmp_path: Path) -> None:
    names = read(write_csv(tmp_path / "m.csv", said("मेरा पार्सल खो गया", 6))).phrases.names
    assert "पार्सल" in names


def test_a_customer_counts_once_a_week_per_phrase(tmp_path: Path) -> None:
    rows = [row(LAST - back * DAY, f"c{number}", "", text="kettle lid") for back in range(4) for number in range(6)]
    phrases = read(write_csv(tmp_path / "m.csv", rows)).phrases
    counts = phrases.counts[phrases.names.index("kettle lid")]
    assert counts.sum() == 6
    assert counts[-4] == 6


def test_phrases_of_the_same_customers(tmp_path: Path) -> None:
    rows = stream(days=20) + said("kettle lid", 6) + said("teapot spout", 7, who="d")
    phrases = read(write_csv(tmp_path / "m.csv", rows)).phrases
    speakers = {
        name: set(phrases.speaker[phrases.speaker_phrase == number].tolist())
        for number, name in enumerate(phrases.names[: phrases.candidates])
    }
    assert speakers["kettle"] == speakers["lid"] == speakers["kettle lid"]
    assert len(speakers["kettle"]) == 6
    assert not speakers["kettle"] & speakers["teapot"]
