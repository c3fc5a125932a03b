"""What customers wrote stays in the reader: no word of it, good or bad, is in results, findings, errors or output."""

import traceback
from pathlib import Path

import pytest

from kb_builder.errors import InputError
from kb_builder.mentions.counted import CODEC, Mentions
from tests.made_mentions import (
    COLUMNS,
    LAST,
    read,
    row,
    stream,
    write_csv,
)


def test_a_phrase_needs_five_customers(tmp_path: Path) -> None:
    rows = stream(days=40) + [row(LAST, f"c{number}", "", text=f"error e4071 on order {number}") for number in range(5)]
    rows += [row(LAST, f"d{number}", "", text="secret word") for number in range(4)]
    mentions = read(write_csv(tmp_path / "m.csv", rows))
    names = set(mentions.phrases.names)
    assert {"error", "error e4071", "e4071", "error e4071 on"} <= names
    assert not any("secret" in name for name in names)


CANARY = "canary"

HOSTILE = (
    f"{CANARY}-Ann Example",
    f"{CANARY}@example.com",
    f"4111111111111111 {CANARY}",
    f"<script>{CANARY}</script>",
    f"=cmd|' /C {CANARY}'!A0",
    f"{CANARY}\x00null",
    f"{CANARY}\u202eevil",
)


def everything(mentions: Mentions) -> str:
    return CODEC.encode(mentions).decode("latin-1") + repr(mentions) + "\n".join(map(str, mentions.findings))


@pytest.mark.parametrize("column", COLUMNS)
def test_errors_quote_no_row(tmp_path: Path, column: str, capfd: pytest.CaptureFixture[str]) -> None:
    rows = stream(days=30)
    for number, value in enumerate(HOSTILE):
        rows.append({**row(LAST, f"x{number}", "topic-a" if number % 2 else "", text="a text"), column: value})
    mentions = read(
        write_csv(tmp_path / "m.csv", rows),
        match=lambda texts: [None] * len(texts),
        learn=lambda resolved: str(len(list(resolved))).encode(),
    )
    assert CANARY not in everything(mentions)
    assert capfd.readouterr() == ("", "")


def test_errors_quote_no_malformed_row(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = write_csv(tmp_path / "m.csv", stream(days=30))
    good = path.read_bytes()
    broken = [
        f"{CANARY},{CANARY},{CANARY}\n",
        f'x,{CANARY}"{CANARY}\n',
        f'm,2026-04-01T00:00:00Z,"{CANARY}"{CANARY}",a,b,c,d,e\n',
        "x," * 20 + CANARY + "\n",
        f"m,{CANARY},email,,c,topic-a,,{CANARY}\n",
    ]
    path.write_bytes(good + "".join(broken).encode() + b"\xff\xfe" + CANARY.encode() + b"\n" + f'1,"{CANARY}'.encode())
    mentions = read(path)
    assert mentions.reading.bad >= 6
    assert CANARY not in everything(mentions)
    path.write_bytes(b"\n".join(good.split(b"\n")[:3]) + b"\n" + "".join(broken).encode() * 3)
    with pytest.raises(InputError) as caught:
        read(path)
    assert CANARY not in "".join(traceback.format_exception(caught.value)) + str(caught.value)
    assert capfd.readouterr() == ("", "")
