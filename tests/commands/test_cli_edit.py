"""``kb new``, ``import`` and ``schema``: what they write, and where they write nothing."""

import io
import json
from pathlib import Path

import pytest

from kb_builder.commands.cli_edit import _asked_folder
from tests.centres import CLOCK, article, put
from tests.invoke import kb, kb_json

pytestmark = pytest.mark.slow


def test_a_newcomer_gets_a_site_in_two_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert kb("new", "shop-help").exit_code == 0
    monkeypatch.chdir(tmp_path / "shop-help")
    done = kb("build")
    assert done.exit_code == 0, done.output
    assert "Shop help" in (tmp_path / "shop-help/site/index.html").read_text()
    assert kb("check", "--strict").exit_code == 0
    assert kb("build", "--strict").exit_code == 0


@pytest.mark.parametrize(("folder", "next_step"), [("my shop", "cd 'my shop' && kb build"), (".", "next: kb build")])
def test_a_newcomer_reads_what_to_type_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, next_step: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert next_step in kb("new", folder).stdout


def test_a_newcomer_who_leaves_article_out_gets_no_second_help_centre(centre: Path) -> None:
    refused = kb("new", "Do you deliver on Sundays?")
    assert refused.exit_code == 2
    assert "kb new article 'Do you deliver on Sundays?'" in refused.stderr
    assert not (centre / "Do you deliver on Sundays?").exists()


def test_a_mistyped_category_is_seen_at_once(centre: Path) -> None:
    assert "new category" not in kb("new", "article", "One?", "--in", "faq/orders").stdout
    assert "in a new category, faq/odrers" in kb("new", "article", "Two?", "--in", "faq/odrers").stdout


def test_without_a_category_the_folder_around_them_is_taken_and_others_are_offered(centre: Path) -> None:
    put(centre, "content/articles/faq/_category.yml", "title: Help topics\n")
    put(centre, "content/articles/faq/delivery/late.md", article("late"))
    told = kb("new", "article", "Three?").stdout
    assert told.startswith("content/articles/faq/three.md\n  --in chooses another folder, such as --in faq/delivery\n")


@pytest.mark.parametrize(
    ("typed", "folder"), [("2", "faq/orders"), ("faq/gifts", "faq/gifts"), ("9\n1", "faq/account")]
)
def test_the_category_is_asked_for_on_a_terminal(monkeypatch: pytest.MonkeyPatch, typed: str, folder: str) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(f"{typed}\n"))
    assert _asked_folder(["faq/account", "faq/orders"]) == folder


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_new_articles_and_announcements_are_drafts_that_build(centre: Path) -> None:
    assert kb("new", "article", "Do you deliver on Sundays?", "--in", "faq/delivery").exit_code == 0
    assert kb("new", "announcement", "Parcels are late", "--clock", CLOCK).exit_code == 0
    assert (centre / "content/articles/faq/delivery/do-you-deliver-on-sundays.md").exists()
    assert (centre / "content/announcements/2026-11-21-parcels-are-late.md").exists()
    assert kb("build", "--clock", CLOCK).exit_code == 0
    assert not (centre / "site/faq/delivery").exists()
    assert "; 1 draft left out; " in kb("build", "--clock", CLOCK).stdout


def test_an_article_is_made_inside_the_content_only(centre: Path) -> None:
    assert kb("new", "article", "Out", "--in", "../../..").exit_code == 2
    assert not list(centre.parent.glob("out.md"))


@pytest.mark.parametrize("kind", [("article", "--in", "faq/account"), ("policy",)])
def test_an_id_that_is_taken_is_refused_before_anything_is_written(centre: Path, kind: tuple[str, ...]) -> None:
    what, *options = kind
    put(centre, "content/articles/faq/orders/sunday.md", article("do-you-deliver-on-sundays"))
    refused = kb("new", what, "Do you deliver on Sundays?", *options)
    assert refused.exit_code == 2
    assert 'content/articles/faq/orders/sunday.md: error: the id "do-you-deliver-on-sundays" is taken' in refused.stderr
    assert not list(centre.rglob("do-you-deliver-on-sundays.md"))


def test_the_id_of_a_withdrawn_article_is_not_used_again(centre: Path) -> None:
    put(centre, "content/articles/faq/sunday.md", article("sunday"))
    assert kb("build", "--clock", CLOCK).exit_code == 0
    assert kb("rm", "sunday").exit_code == 0
    assert 'the id "sunday" is taken' in kb("new", "article", "Sunday", "--in", "faq/orders").stderr


def test_a_policy_is_started_below_policies(centre: Path) -> None:
    made = kb("new", "policy", "Returns", "--clock", CLOCK)
    assert made.stdout.startswith("content/articles/policies/returns.md\n")
    assert "effective_date: 2026-11-21" in (centre / "content/articles/policies/returns.md").read_text()
    assert kb("check").exit_code == 0


def test_the_schema_names_every_key() -> None:
    assert {"id", "title", "answer", "asked_as", "audience"} <= set(json.loads(kb("schema").stdout)["properties"])


def test_mv_leaves_a_redirect(centre: Path) -> None:
    assert kb("mv", "faq/orders/track-an-order", "faq/delivery/track-a-parcel").exit_code == 0
    assert kb("build", "--clock", CLOCK).exit_code == 0
    assert "faq/delivery/track-a-parcel/" in (centre / "site/faq/orders/track-an-order/index.html").read_text()
    assert "faq/delivery/track-a-parcel/" in (centre / "site/a/track-an-order/index.html").read_text()


def test_mv_says_when_a_name_without_a_folder_takes_an_article_out_of_its_own(centre: Path) -> None:
    assert (
        "  out of its folder, faq/orders; kb mv track faq/orders/ takes it back there\n"
        in kb("mv", "track-an-order", "track").stdout
    )
    assert "out of its folder" not in kb("mv", "track", "faq/orders/").stdout
    assert (centre / "content/articles/faq/orders/track.md").exists()


def test_mv_and_import_report_to_a_script_what_they_did(centre: Path) -> None:
    moved = kb_json("mv", "track-an-order", "faq/delivery/track.md")
    assert moved["redirects"] == {"faq/orders/track-an-order/": "faq/delivery/track/"}
    put(
        centre,
        "export.json",
        json.dumps({"articles": [{"id": 7, "title": "Sizes", "section_id": 1, "body": "<p>S</p>"}]}),
    )
    assert kb_json("import", "zendesk", "export.json")["written"] == ["content/articles/sizes.md"]
    assert kb_json("import", "zendesk", "export.json")["kept"] == ["content/articles/sizes.md"]
