"""The form of a file's times is found where it has one meaning, and never guessed where it has two."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb_builder.errors import InputError
from kb_builder.mentions.time_forms import SERIAL, form_of, infer_format
from tests.made_mentions import TOPICS, read, write_csv

FORMATS = [
    f"{day}{hour}"
    for day in ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%y", "%d.%m.%y", "%d.%m.%Y", "%d/%b/%y", "%m/%d/%y")
    for hour in ("", " %H:%M", " %H:%M:%S", " %I:%M %p", ", %I:%M:%S %p")
]
moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)).map(lambda moment: moment.replace(microsecond=0))


@given(st.sampled_from(FORMATS), st.lists(moments, min_size=1, max_size=20))
def test_what_is_found_reads_back_what_was_written(format_: str, times: list[datetime]) -> None:
    written = [moment.strftime(format_) for moment in times]
    found = infer_format(written)
    assert found is None or [datetime.strptime(text, found) for text in written] == [
        datetime.strptime(text, format_) for text in written
    ]


@given(st.sampled_from(FORMATS), moments)
def test_a_month_of_days_says_which_is_the_day(format_: str, first: datetime) -> None:
    assert infer_format((first + timedelta(days=day)).strftime(format_) for day in range(31)) == format_


@pytest.mark.parametrize(
    "values", [["03/02/2026"], ["1/1/26 10:00"], [], ["", " "], ["2026-03-02"], ["03/02/2026", "x"]]
)
def test_two_meanings_or_none_are_left_to_the_team(values: list[str]) -> None:
    assert infer_format(values) is None


def test_days_of_a_spreadsheet() -> None:
    assert infer_format(["46050", "46050.29"]) == SERIAL
    assert infer_format(["46050", "x"]) is None


@given(st.text(max_size=40))
def test_a_form_shows_no_digit_and_no_letter_of_a_value(value: str) -> None:
    shown = form_of(value)
    assert not {character for character in shown if character.isdecimal()} - {"9"}
    assert not {character for character in shown if character.isalpha()} - {"a"}


def written(folder: Path, time: str) -> Path:
    return write_csv(
        folder / "m.csv", [{"id": "1", "time": time, "article_id": TOPICS[0]}], ("id", "time", "article_id")
    )


@pytest.mark.parametrize(
    "time",
    [
        "30 avril 2026 10:00",
        "30 de abril de 2026 10:00",
        "30 april 2026 10:00",
        "30 kwietnia 2026 10:00",
        "30/Apr/26 7:07 AM",
        "30.04.26 10:00",
        "4/30/2026, 10:00:00 AM",
        "46142.5",
    ],
)
def test_times_of_people_and_spreadsheets(tmp_path: Path, time: str) -> None:
    mentions = read(written(tmp_path, time))
    assert mentions.table(0)[:, -1].sum() == 1
    assert mentions.reading.bad == 0


@pytest.mark.parametrize("time", ["1989-12-31T10:00:00Z", "04/05/2026 10:00"])
def test_what_is_implausible_or_has_two_meanings_is_refused_with_its_form(tmp_path: Path, time: str) -> None:
    with pytest.raises(InputError) as refused:
        read(written(tmp_path, time))
    assert form_of(time) in refused.value.hint
    assert "time_format" in refused.value.hint
    assert time not in str(refused.value)
