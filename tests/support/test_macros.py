"""Canned replies in the formats of help desks."""

import csv
import io
import json
from dataclasses import replace

import pytest
import yaml

from kb_builder.support.macros import NAMES, Macro, file_name, names_of, render

MACROS = [
    Macro(
        "pay.email.en", "email", "en", "How do I pay?", "Pay", "Hello {{first_name}},\n\nBy <card>.\nOr cash.", "E-Mail"
    ),
    Macro("late.sms.en", "sms", "en", "My parcel is late", "", "=Sorry & we resend. help.example.com/a/late/", "SMS"),
]


@pytest.mark.parametrize("format_", NAMES)
def test_the_order_of_macros_does_not_matter(format_: str) -> None:
    assert render(MACROS, format_) == render(list(reversed(MACROS)), format_)
    assert file_name(format_).startswith(f"macros-{format_}.")


def test_zendesk() -> None:
    late, pay = json.loads(render(MACROS, "zendesk"))["macros"]
    assert (late["title"], late["description"]) == ("SMS::My parcel is late", "late.sms.en")
    value = "<p>Hello {{first_name}},</p><p>By &lt;card&gt;.<br>Or cash.</p>"
    assert pay["actions"] == [{"field": "comment_value_html", "value": value}]


@pytest.mark.parametrize("format_", ["freshdesk", "intercom", "front", "gorgias"])
def test_json_formats_carry_the_text_and_the_id(format_: str) -> None:
    late, pay = json.loads(render(MACROS, format_))
    assert "late.sms.en" in json.dumps(late)
    assert format_ == "freshdesk" or pay["name"].startswith("How do I pay? – E-Mail")
    assert format_ != "freshdesk" or pay["folder"] == "E-Mail"
    assert "By &lt;card&gt;.<br>Or cash." in json.dumps(pay)


def test_intercom_gets_names_as_elements_and_no_long_name() -> None:
    asked = replace(MACROS[0], title="Why? " * 40, text="Hello {{first_name}},\n\nBy <card>.")
    (made,) = json.loads(render([asked], "intercom"))
    assert made["body"] == '<p>Hello <attribute key="first_name" default="there"/>,</p><p>By &lt;card&gt;.</p>'
    assert len(made["name"]) == 140
    assert made["name"].endswith(f"({asked.id})")


def test_csv_is_safe_in_a_spreadsheet() -> None:
    rows = list(csv.DictReader(io.StringIO(render(MACROS, "csv").decode("utf-8-sig"), newline="")))
    assert rows[0]["text"] == "'=Sorry & we resend. help.example.com/a/late/"
    assert rows[1]["text"] == MACROS[0].text


def test_espanso() -> None:
    late, pay = yaml.safe_load(render(MACROS, "espanso"))["matches"]
    assert (late["trigger"], late["replace"]) == (":late-sms-en", MACROS[1].text)
    assert pay["replace"] == MACROS[0].text.replace("{{first_name}}", r"\{\{first_name\}\}"), "no variable of espanso"


@pytest.mark.parametrize(("format_", "german"), [("intercom", False), ("zendesk", True), ("csv", False)])
def test_a_greeting_by_name_stays_whole_without_a_name(format_: str, german: bool) -> None:
    assert bool(names_of(format_, "de")[0]) is german
    assert names_of(format_, "en") == NAMES[format_]
