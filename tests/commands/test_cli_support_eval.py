"""``kb eval --split-by-time``: search measured with the resolved mentions of the week after it learned."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder.commands.cli import commands
from tests.centres import CLOCK, SMALL, write
from tests.made_mentions import row, write_csv

pytestmark = pytest.mark.slow


def kb(*words: str) -> Result:
    return CliRunner().invoke(commands, list(words), catch_exceptions=False)


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, SMALL)


def test_search_is_measured_by_learning_until_a_week_and_asking_the_next(centre: Path) -> None:
    end = datetime.fromisoformat(CLOCK)
    rows = []
    for number in range(160):
        article, text = [("cancel-an-order", "stop the whole thing now"), ("track-an-order", "nothing came to me")][
            number % 2
        ]
        moment = end - timedelta(hours=6 * number + 1)
        rows.append({**row(moment.date(), f"c{number}", article, text=f"{text} {number}"), "time": moment.isoformat()})
    write_csv(centre / "tickets.csv", rows)
    found = json.loads(kb("eval", "--split-by-time", "tickets.csv", "--clock", CLOCK, "--json").stdout)
    assert list(found) == ["without_mentions", "learned_without_demand", "learned_until_then"]
    assert len({scores["queries"] for scores in found.values()}) == 1
    shares = [scores["success_at_1"] for scores in found.values()]
    assert shares == sorted(shares)
    assert shares[0] < shares[2]
    assert kb("eval", "--clock", CLOCK).exit_code == 2
    assert kb("eval", "--split-by-time", "tickets.csv", "--clock", "2020-01-01T00:00:00Z").exit_code == 2
