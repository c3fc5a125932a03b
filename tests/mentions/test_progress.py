from pathlib import Path

import pytest

from tests.made_mentions import COLUMNS, LAST, read, row, write_csv


def test_progress_ends_at_the_total(tmp_path: Path) -> None:
    reported: list[tuple[int, int]] = []
    rows = [row(LAST, f"c{number}", "", text=f"text {number}") for number in range(5)]
    read(
        write_csv(tmp_path / "m.csv", rows),
        match=lambda texts: [None] * len(texts),
        progress=lambda done, total: reported.append((done, total)),
    )
    assert reported[0][0] == 0
    assert reported[-1][0] == reported[-1][1] > 0


def test_progress_moves_while_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb_builder.mentions.progress.Work._EVERY", 0.001)
    line = "{n},2026-04-30T08:00:00Z,email,,c{n},topic-a,,where is my parcel\n"
    path = tmp_path / "m.csv"
    path.write_text(",".join(COLUMNS) + "\n" + "".join(line.format(n=number) for number in range(250_000)))
    reported: list[int] = []
    read(
        path,
        progress=lambda done, _total: reported.append(done),
        learn=lambda resolved: str(len(list(resolved))).encode(),
    )
    size = path.stat().st_size
    moves = Path("/proc/self/io").exists()
    assert any(0 < done < size for done in reported) == moves
    assert any(2 * size < done < 3 * size for done in reported) == moves
    assert reported[-1] == 3 * size
