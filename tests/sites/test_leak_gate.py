"""The audit of whole builds: every planted leak is found, and boilerplate causes no false alarm."""

import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb_builder.commands.cli import commands
from tests.audit.test_embedded_text import KERNED, pdf
from tests.centres import CLOCK, article, write

SECRET = "The whistling kettle arrives in March"
DRAFT = article("coming-kettle", "Kettles that whistle", f"{SECRET} with a song.\n", draft="true")


def build(root: Path) -> Result:
    return CliRunner().invoke(commands, ["build", "-f", str(root / "mkdocs.yml"), "--clock", CLOCK, "--jobs", "1"])


PLANTED = {
    "the body": article("open", body=f"{SECRET}.\n"),
    "an answer": article("open", answer=f"{SECRET}."),
    "its button": article("open", action=f"{{label: {SECRET}, url: https://help.example.com/}}"),
    "a picture's text": article("open", body=f"![{SECRET}](a.png)\n"),
}


def test_a_comment_of_a_released_article_does_not_excuse_a_leak(tmp_path: Path) -> None:
    leaflet = article("open", body=f"[leaflet](leaflet.pdf)\n\n<!-- not before March: {SECRET} with a song. -->\n")
    root = write(tmp_path, {"a": leaflet, "b": DRAFT, "content/articles/leaflet.pdf": pdf(KERNED)})
    result = build(root)
    assert result.exit_code == 3
    assert "leaflet.pdf contains “the whistling kettle arrives" in result.output
    assert "content/articles/b.md" in result.output


@pytest.mark.parametrize("where", PLANTED)
def test_text_that_a_released_article_says_itself_is_no_leak(tmp_path: Path, where: str) -> None:
    assert build(write(tmp_path, {"a": PLANTED[where], "b": DRAFT})).exit_code == 0


def test_notes_that_readers_do_not_see_are_in_no_copy(tmp_path: Path) -> None:
    notes = (
        f'Hello.\n\n<!-- {SECRET} -->\n\n[//]: # ({SECRET})\n\n[unused]: https://x.example/ "{SECRET}"\n\n'
        f"*[QQQ]: {SECRET}\n\n<?php {SECRET} ?>\n\n<script>{SECRET}</script>\n\n<p hidden>{SECRET}</p>\n\n"
        f'<div style="display: none">{SECRET}</div>\n\n<template>{SECRET}</template>\n'
    )
    root = write(tmp_path, {"open-article": article("open", body=notes), "b": DRAFT})
    result = build(root)
    assert result.exit_code == 0, result.output
    copy = (root / "site/open-article/index.md").read_text()
    header = "---\ncanonical: https://help.example.com/open-article/\n---\n\n"
    assert copy == f"{header}# Open\n\nHello.\n\n<https://help.example.com/a/open/>\n"


OPENINGS = ("If it fails,", "For more information,", "Before you start,", "In most cases,", "When in doubt,")
WAYS = (
    "please [get in touch with us](https://example.com/x)", "please get in touch with our team",
    "look for the ![Cloud agent icon](img/agent.png) icon in the menu bar", "you can **reset** your *own* password",
    "press `Ctrl` + `C` and wait for the **Done** message", "choose *Settings* > *General* > *Language and region*",
    "open the [account page](https://shop.example.com/account/?ref=help123abc) of the shop",
    "connect the Arduino_LSM9DS1 to the ESP32-S3-DevKitC board", "don’t unplug the cable &amp; wait <br> for the light",
)  # fmt: skip
ENDINGS = ("before noon.", "today.", "and try it again:", "as described above.", "– it takes ten minutes!")
FORMS = (
    "{}\n",
    "- {}\n- {}\n",
    "1. {}\n2. {}\n",
    "> {}\n",
    "!!! note\n    {}\n",
    "| a | b |\n|---|---|\n| {} | {} |\n",
)


def _text(chance: random.Random) -> str:
    def sentence() -> str:
        return " ".join(map(chance.choice, (OPENINGS, WAYS, ENDINGS)))

    parts = []
    for number in range(chance.randint(1, 5)):
        form = chance.choice(FORMS)
        parts.append(f"## Step {number} of {chance.choice(OPENINGS)}\n\n" if chance.random() < 0.3 else "")
        parts.append(form.format(*(sentence() for _ in range(form.count("{}")))))
    return "\n".join(parts)


@pytest.mark.parametrize("seed", range(3))
def test_boilerplate_in_drafts_is_no_false_alarm(tmp_path: Path, seed: int) -> None:
    """Articles put together of the same sentences; a third are drafts."""
    chance = random.Random(seed)
    everything = "\n\n".join(f"{way} {ending}" for way in WAYS for ending in ENDINGS)
    files = {"all": article("all", "Everything", "\n\n".join(f"{o} {everything}" for o in OPENINGS))}
    for number in range(24):
        hiding = {"draft": "true"} if chance.random() < 1 / 3 else {}
        title = f"{chance.choice(OPENINGS)[:-1]} number {number}"
        files[f"faq/a{number}"] = article(f"a{number}", title, _text(chance), **hiding)
    result = build(write(tmp_path, files))
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("seed", range(3))
def test_every_planted_leak_is_found(tmp_path: Path, seed: int) -> None:
    """A sentence of a draft that no released article has is found in each kind of file an author can add."""
    chance = random.Random(seed)
    words = "kettle whistle march song button colour price shelf window garden paper silver".split()
    secret = " ".join(chance.sample(words, 7))
    draft = article("hidden", "Hidden", f"Soon: {secret} for all.\n", draft="true")
    png = b"\x89PNG\r\n\x1a\n" + bytes(12) + f"Comment {secret}".encode()
    name, data = chance.choice([("a.pdf", pdf(f"BT /F1 9 Tf ({secret}) Tj ET".encode())), ("a.png", png)])
    root = write(
        tmp_path, {"a": article("open", body=f"[file]({name})\n"), "b": draft, f"content/articles/{name}": data}
    )
    assert build(root).exit_code == 3
