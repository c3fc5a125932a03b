"""The demo's mentions: the same bytes for the same day, no real person, and the bursts that its numbers promise."""

import csv
import importlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from kb_builder.content.articles import read_articles
from kb_builder.content.visibility import Verdict, verdict
from kb_builder.mentions.settings import TrendingSettings, read_settings

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "scripts/demo_mentions.py"
END = date(2026, 11, 20)
ZONE = ZoneInfo("Europe/London")
Row = dict[str, str]


@pytest.fixture(scope="module")
def script() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPT.parent))
        yield importlib.import_module(SCRIPT.stem)


@pytest.fixture(scope="module")
def rows(script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    file = tmp_path_factory.mktemp("mentions") / "demo.csv"
    assert script.main(["--out", str(file), "--end", END.isoformat()]) == 0
    with file.open(encoding="utf-8", newline="") as text:
        reader = csv.DictReader(text)
        read = list(reader)
        assert tuple(reader.fieldnames or ()) == script.COLUMNS
    return read


@pytest.fixture(scope="module")
def settings() -> TrendingSettings:
    return read_settings((ROOT / "content/trending.yml").read_text(encoding="utf-8"), "trending.yml", ZONE)[0]


def day(row: Row) -> date:
    return datetime.fromisoformat(row["time"]).date()


def customers_a_day(rows: list[Row], article: str, first: int, last: int, segment: str | None = None) -> float:
    """Different customers a day, from ``first`` to ``last`` days before the end."""
    days = range(last, first + 1)
    seen = {
        (row["customer_id"], day(row))
        for row in rows
        if row["article_id"] == article and segment in (None, row["segment"]) and (END - day(row)).days in days
    }
    return len(seen) / len(days)


def test_ninety_days_that_end_on_the_day_asked_for(rows: list[Row]) -> None:
    days = {day(row) for row in rows}
    assert days == {END - timedelta(days=ago) for ago in range(90)}
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    assert 20_000 <= len(rows) <= 60_000


def test_ends_yesterday_unless_a_day_is_given(script: ModuleType, tmp_path: Path) -> None:
    before = datetime.now(UTC).date()
    script.main(["--out", str(tmp_path / "new" / "demo.csv")])
    after = datetime.now(UTC).date()
    last = max(line.split(",")[1] for line in (tmp_path / "new/demo.csv").read_text().splitlines()[1:])
    assert date.fromisoformat(last[:10]) in {before - timedelta(days=1), after - timedelta(days=1)}


def test_same_bytes_under_another_hash_seed_zone_and_locale(script: ModuleType, tmp_path: Path) -> None:
    script.main(["--out", str(tmp_path / "here.csv"), "--end", "2026-11-20"])
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland", "LC_ALL": "C"}
    command = [sys.executable, str(SCRIPT), "--out", str(tmp_path / "there.csv"), "--end", "2026-11-20"]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert (tmp_path / "here.csv").read_bytes() == (tmp_path / "there.csv").read_bytes()
    script.main(["--out", str(tmp_path / "other.csv"), "--end", "2026-11-20", "--seed", "8"])
    assert (tmp_path / "here.csv").read_bytes() != (tmp_path / "other.csv").read_bytes()


def test_a_day_that_is_none_is_refused(script: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        script.main(["--out", str(tmp_path / "demo.csv"), "--end", "2026-02-30"])
    assert refused.value.code == 2
    assert "--end" in capsys.readouterr().err
    assert not (tmp_path / "demo.csv").exists()


def test_names_only_what_the_demo_has(rows: list[Row], settings: TrendingSettings, script: ModuleType) -> None:
    now = datetime(END.year, END.month, END.day, tzinfo=UTC) + timedelta(days=1)
    articles = read_articles(ROOT, zone=ZONE, declared=("en", "de", "ar")).articles
    public = {article.id for article in articles if verdict(article, now) is Verdict.RELEASED}
    assert {row["article_id"] for row in rows} - {""} <= public
    assert {row["segment"] for row in rows} - {""} == settings.segments.keys()
    assert {row["tag"] for row in rows} - {""} <= settings.tags.keys()
    assert {tag: article for article, tag in script.TAGS.items()}.items() <= settings.tags.items()


def test_its_customers_are_invented(rows: list[Row]) -> None:
    assert all(re.fullmatch(r"c\d{6}", row["customer_id"]) for row in rows)
    personal = re.compile(r"[\w.]+@[\w-]+\.\w|https?://|\+?\d[\d ]{6,}")
    assert [row["text"] for row in rows if personal.search(row["text"])] == []


def test_rows_are_twice_there_and_customers_write_again(rows: list[Row]) -> None:
    ids = Counter(row["id"] for row in rows)
    assert set(ids.values()) == {1, 2}
    assert 50 <= sum(count == 2 for count in ids.values()) <= 500
    again = Counter((row["customer_id"], row["article_id"]) for row in rows if row["article_id"])
    assert max(again.values()) > 1


def test_many_rows_say_only_words(rows: list[Row]) -> None:
    silent = [row for row in rows if not row["article_id"] and not row["tag"]]
    assert 0.1 < len(silent) / len(rows) < 0.4
    assert all(row["text"].strip() for row in rows)


def test_weekdays_are_busier_than_weekends(rows: list[Row]) -> None:
    quiet_weeks = [row for row in rows if 30 <= (END - day(row)).days < 86]
    by_weekday = Counter(day(row).weekday() for row in quiet_weeks)
    assert by_weekday[0] > 1.2 * by_weekday[6]


def test_the_season_peaks_on_black_friday_and_before_christmas(script: ModuleType) -> None:
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    assert max(year, key=script.season) == date(2026, 11, 27)
    assert max((date(2024, 1, 1) + timedelta(days=number) for number in range(366)), key=script.season) == date(
        2024, 11, 29
    )
    assert script.season(date(2026, 12, 14)) > 1.5 > script.season(date(2026, 7, 14)) == 1
    assert script.season(date(2026, 12, 25)) < 0.5


@pytest.mark.parametrize(
    ("article", "segment", "days"),
    [
        ("late-parcel", None, 2),
        ("discount-code", None, 2),
        ("island-delivery", "islands", 5),
        ("invoice-missing", "business", 4),
    ],
)
def test_bursts_go_on_at_the_end(rows: list[Row], article: str, segment: str | None, days: int) -> None:
    usual = customers_a_day(rows, article, days + 34, days + 7, segment)
    assert customers_a_day(rows, article, days, 0, segment) > 2 * usual
    assert customers_a_day(rows, article, 1, 0, segment) > 1.6 * usual
    assert customers_a_day(rows, article, days, 0, segment) * (days + 1) >= 10


def test_older_bursts_are_over(rows: list[Row]) -> None:
    before, after = (customers_a_day(rows, "payment-problem", *days) for days in ((75, 50), (40, 10)))
    assert customers_a_day(rows, "payment-problem", 46, 45) > 2 * max(before, after)


def test_a_burst_that_no_article_answers(rows: list[Row]) -> None:
    asking = [row for row in rows if "diffuser" in row["text"]]
    assert not any(row["article_id"] or row["tag"] for row in asking)
    lately = {row["customer_id"] for row in asking if (END - day(row)).days < 5}
    assert len(lately) >= 20
    written = "".join(path.read_text(encoding="utf-8").lower() for path in (ROOT / "content/articles").rglob("*.md"))
    assert "diffuser" not in written


def test_a_brigade_says_one_sentence(rows: list[Row], script: ModuleType) -> None:
    posts = [row for row in rows if row["text"] == script.BRIGADE]
    assert len({row["customer_id"] for row in posts}) > 40
    assert {row["channel"] for row in posts} == {"twitter"}
    assert len({day(row) for row in posts}) == 1
    assert len(script.BRIGADE) >= 30
