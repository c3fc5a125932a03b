"""Words of settings files as work for translators, and what comes back."""

import json
from pathlib import Path

import pytest

from tests.centres import article, put, write
from tests.commands.test_cli_translate import LANGUAGES, in_german
from tests.invoke import kb_in

SETTINGS = {
    "content/trending.yml": (
        "# ours\nsegments:\n  islands: Islands  # far\n  north: North\ntitles:\n  de: {north: Norden}\n"
    ),
    "content/contact.yml": (
        "# channels\ntime_zone: UTC\nchannels:\n"
        "  - {channel: phone, address: '+44 20 7946 0123', hours: 24/7, response_time: 1 hour, cost: free}\n"
        "  - channel: email\n    address: help@example.com\n    hours: 24/7\n    response_time: 1 day\n"
        "    label: Write, to us\n"
    ),
    "content/replies/sms.txt": "Hello. {answer}\nYours, {link}\n",
    "content/replies/chat.txt": "{answer} {link}\n",
}
LINKED = LANGUAGES + (
    '      links:\n        shop: {label: Shop, url: "https://shop.example.com/"}  # theirs\n'
    "        terms:\n          label:\n            en: Terms\n            de: AGB\n          url: https://shop.example.com/t\n"
)

FILES = {**SETTINGS, "faq/parcel": article("parcel", "Where?", "Text.\n"), "faq/parcel.de": "# Wo?\n\nText.\n"}


def test_words_of_settings_are_exported_and_come_back_in_their_places(tmp_path: Path) -> None:
    centre = write(tmp_path, FILES, mkdocs=LINKED)
    named = json.loads(kb_in(centre, "translate", "status", "--json").output)["names"]
    assert named["de"] == ["content/trending.yml", "mkdocs.yml", "content/contact.yml", "content/replies/sms.txt"]
    file = in_german(centre, *named["de"])
    done = kb_in(centre, "translate", "import", str(file))
    assert done.exit_code == 0, done.output
    read = {path: (centre / path).read_text("utf-8") for path in (*SETTINGS, "mkdocs.yml")}
    assert read.pop("content/trending.yml") == SETTINGS["content/trending.yml"].replace(
        "{north: Norden}", "{north: NORTH, islands: ISLANDS}"
    )
    assert read.pop("mkdocs.yml") == LINKED.replace("label: Shop", "label: {en: Shop, de: SHOP}").replace(
        "de: AGB", "de: TERMS"
    )
    assert read == {path: SETTINGS[path] for path in read}
    assert (centre / "content/contact.de.yml").read_text("utf-8") == SETTINGS["content/contact.yml"].replace(
        "cost: free", "cost: FREE"
    ).replace("Write, to us", '"WRITE, TO US"')
    assert (centre / "content/replies/sms.de.txt").read_text("utf-8") == "HELLO. {answer}\nYours, {link}\n"
    status = json.loads(kb_in(centre, "translate", "status", "--json").output)
    assert status["names"]["de"] == []
    assert [one["path"] for one in status["other"]["de"]] == ["content/articles/faq"]
    before = {path.name: path.read_bytes() for path in centre.rglob("*.yml")}
    again = in_german(centre, *named["de"])
    assert kb_in(centre, "translate", "import", str(again)).exit_code == 0
    assert {path.name: path.read_bytes() for path in centre.rglob("*.yml")} == before, "what is the same stays as typed"


def test_words_of_settings_that_cannot_be_used_change_nothing(tmp_path: Path) -> None:
    centre = write(tmp_path, FILES, mkdocs=LINKED)
    ids = json.loads(kb_in(centre, "translate", "status", "--json").output)["names"]["de"]
    file = in_german(centre, *ids)
    sent = file.read_text("utf-8")
    put(centre, "content/trending.yml", SETTINGS["content/trending.yml"].replace("Islands", "Isles"))
    for old, new in (("FREE", ""), (">SHOP<", ">A\nB<"), ('<target>HELLO. <ph id="1">{answer}</ph>', "<target>HI ")):
        assert old in sent
        sent = sent.replace(old, new)
    file.write_text(sent, "utf-8")
    done = kb_in(centre, "translate", "import", str(file))
    assert done.exit_code == 2
    for said in (
        "content/trending.yml has changed since it was exported",
        '"plugins.kb.links.shop.label.de" can\'t be written automatically: “A B”',
        'no translation in "content/contact.yml", the first is "channels.phone.cost"',
        "lacks the code {answer}",
    ):
        assert said in " ".join(done.output.split()), done.output
    assert not list((centre / "content").glob("**/*.de.*ml"))
    assert (centre / "mkdocs.yml").read_text("utf-8") == LINKED


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new", "content/contact.yml"), "settings have no drafts"),
        (("mark", "content/contact.yml"), "is not translated into de"),
        (("mark", "content/trending.yml"), "settings don't say what they are translated from"),
        (("export", "content/trendin.yml"), 'did you mean "content/trending.yml"?'),
    ],
)
def test_what_settings_have_not(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    centre = write(tmp_path, FILES, mkdocs=LINKED)
    refused = kb_in(centre, "translate", *arguments, "--to", "de")
    assert refused.exit_code == 2
    assert said in refused.output
