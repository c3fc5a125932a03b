"""``kb eval``: search measured with a file of questions, or with the resolved mentions of the week after it learned."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.centres import CLOCK, put
from tests.invoke import kb, kb_json
from tests.made_mentions import row, write_csv

pytestmark = pytest.mark.slow


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
    found = kb_json("eval", "--split-by-time", "tickets.csv", "--clock", CLOCK)
    assert list(found) == ["without_mentions", "learned_without_demand", "learned_until_then"]
    assert len({scores["queries"] for scores in found.values()}) == 1
    shares = [scores["success_at_1"] for scores in found.values()]
    assert shares == sorted(shares)
    assert shares[0] < shares[2]
    assert kb("eval", "--clock", CLOCK).exit_code == 2
    assert kb("eval", "--split-by-time", "tickets.csv", "--clock", "2020-01-01T00:00:00Z").exit_code == 2


def test_rows_without_an_article_there_is_are_said_with_the_weeks_asked(centre: Path) -> None:
    header = "id,created_at,channel,text,article_id,author\n"
    for rows in (
        "",
        "1,2026-11-18T10:00:00Z,email,where is it,gone,x\n",
        "1,2026-08-18T10:00:00Z,email,it,refunds,x\n",
    ):
        put(centre, "tickets.csv", header + rows)
        said = kb("eval", "--split-by-time", "tickets.csv", "--clock", CLOCK)
        assert said.exit_code == 2
        assert "tickets.csv: error: no resolved mention from 2026-10-24 to 2026-11-21" in said.output
    put(centre, "queries.csv", "text,article_id\nwhere is it,gone\nmy money,refnds\n")
    said = kb("eval", "queries.csv")
    assert "queries.csv: 2 rows name no article of this help centre: not found\n" in said.output
    assert '  "gone": the id of an article is in its header\n  "refnds": did you mean "refunds"?\n' in said.output
    assert "2 queries: success@1 0.000" in said.output


def test_eval_gives_its_contract(centre: Path) -> None:
    put(centre, "queries.csv", "text,article_id\nwhere is my parcel,track-an-order\nflux capacitor,refunds\n")
    scores = kb_json("eval", "queries.csv")
    assert scores == {
        "queries": 2, "success_at_1": 0.5, "success_at_3": 0.5, "mrr_at_10": 0.5, "no_result": 0.5,
    }  # fmt: skip
