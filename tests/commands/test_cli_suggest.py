"""``kb suggest``: a review file for staff, and nothing of it in content that no editor typed."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.centres import CLOCK, SMALL, write
from tests.invoke import kb, kb_json
from tests.made_mentions import row, write_csv

pytestmark = pytest.mark.slow

TEXTS = [
    "how can i cancel my order please",
    "cancel the order i made yesterday, ann@example.com",
    "i want to cancel an order from my phone",
    "stop it, cancel order number 12345678",
]


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, SMALL)
    (tmp_path / "content/mentions").mkdir(parents=True, exist_ok=True)
    day = datetime.fromisoformat(CLOCK).date()
    rows = [row(day, f"c{number}", "", text=text) for number, text in enumerate(TEXTS * 2)]
    for each in rows:
        each["time"] = f"{day.replace(day=1)}T00:00:01Z"
    write_csv(tmp_path / "content/mentions/m.csv", rows)
    return tmp_path


def test_an_editor_ticks_and_rewords(centre: Path) -> None:
    written = kb_json("suggest", "cancel-an-order", "--clock", CLOCK)["files"]
    review = centre / "suggestions/cancel-an-order.md"
    assert list(written) == ["suggestions/cancel-an-order.md"]
    assert (centre / "suggestions/.gitignore").read_text() == "*\n"
    text = review.read_text()
    assert "example.com" not in text
    assert "12345678" not in text
    again = kb("suggest", "cancel-an-order", "--clock", CLOCK)
    assert again.exit_code == 2
    head, _, rest = text.partition("- [ ] ")
    first, _, more = rest.partition("\n      asked_as:")
    review.write_text(f"{head}- [x] {first}\n      asked_as: undo a purchase{more}")
    done = kb_json("suggest", "--accept", str(review), "--clock", CLOCK)
    assert done["added"] == ["undo a purchase"]
    article = (centre / done["path"]).read_text()
    assert "undo a purchase" in article
    assert first not in article
    assert kb("build", "--clock", CLOCK).exit_code == 0
    assert not any(
        first.encode() in file.read_bytes() for file in (centre / "site").resolve().rglob("*") if file.is_file()
    )
    repeated = kb_json("suggest", "--accept", str(review), "--clock", CLOCK)
    assert repeated["added"] == []


def test_bad_input_gets_one_line(centre: Path) -> None:
    assert kb("suggest", "no-such-article", "--clock", CLOCK).exit_code == 2
    assert kb("suggest", "--accept", "missing.md", "--clock", CLOCK).exit_code == 2
