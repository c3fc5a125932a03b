"""``kb build --happening``: what trends change is published as a whole build would publish it, and nothing else is."""

import shutil
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb_builder.commands.cli import commands
from kb_builder.publishing.history import Recorded
from kb_builder.publishing.publication import Publication
from tests.centres import MKDOCS, SMALL, article, header, put, write
from tests.commands.test_build import contents
from tests.made_mentions import COLUMNS, Row, burst, row, stream, write_csv

pytestmark = pytest.mark.slow

IDS = ("cancel-an-order", "track-an-order", "refunds")
ASKED = {
    "cancel-an-order": "How do I cancel my order?",
    "track-an-order": "Where is the parcel?",
    "refunds": "When do I get the refunds?",
}
FIRST = date(2026, 11, 20)
"""The last day of the mentions that the whole build counts."""
TRENDING = "segments: {islands: Scottish islands}\n"
FILES = {**SMALL, "content/trending.yml": TRENDING}
GERMAN = {"content/articles/faq/orders/track-an-order.de.md": header(title="Wo ist mein Paket?") + "Ein Link.\n"}


def kb(root: Path, *arguments: str, day: date = FIRST + timedelta(days=1), hour: int = 9) -> Result:
    clock = f"{day}T{hour:02}:00:00Z"
    return CliRunner().invoke(
        commands, [*arguments, "-f", str(root / "mkdocs.yml"), "--clock", clock, "-d", str(root / "site")]
    )  # fmt: skip


def mentions(root: Path, more: list[Row]) -> None:
    (root / "content/mentions").mkdir(exist_ok=True)
    rows = stream(days=40, rate=5, topics=IDS, last=FIRST)
    for number in range(0, len(rows), 7):
        # Matched by text, with the index of before it learned.
        rows[number] = {**rows[number], "article_id": "", "text": ASKED[rows[number]["article_id"]]}
    write_csv(root / "content/mentions/export.csv", [*rows, *more], COLUMNS)


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    root = write(tmp_path / "centre", FILES)
    mentions(root, [])
    assert kb(root, "build").exit_code == 0
    return root


def of_trends(root: Path) -> dict[str, str]:
    """The published files but for the index, which a whole build may teach the new mentions."""
    return {path: digest for path, digest in contents(root / "site").items() if "search/index/" not in path}


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    topic=st.sampled_from(IDS),
    customers=st.integers(0, 60),
    segment=st.sampled_from(("", "islands", "unknown")),
    days=st.integers(1, 2),
    hour=st.integers(0, 23),
    audience=st.sampled_from(("public", "staff")),
    learns=st.booleans(),
    bilingual=st.booleans(),
    unanswered=st.booleans(),
)
def test_the_result_is_that_of_a_whole_build(
    topic: str, customers: int, segment: str, days: int, hour: int, audience: str, learns: bool, bilingual: bool,
    unanswered: bool,
) -> None:  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        options = [*(["languages: [en, de]"] if bilingual else []), *([] if learns else ["search: {learn: false}"])]
        mkdocs = MKDOCS.replace("- kb", f"- kb: {{{', '.join(options)}}}")
        root = write(Path(folder) / "centre", {**FILES, **(GERMAN if bilingual else {})}, mkdocs=mkdocs)
        mentions(root, [])
        assert kb(root, "build", "--audience", audience).exit_code == 0
        whole = Path(folder) / "whole"
        shutil.copytree(root, whole, symlinks=True)
        for each, more in ((root, ["--happening"]), (whole, [])):
            last = FIRST + timedelta(days=days)
            more_of_it = {"article_id": "", "text": "the lamp flickers"} if unanswered else {}
            mentions(each, burst(topic, FIRST + timedelta(days=1), last, customers, segment=segment, **more_of_it))
            done = kb(each, "build", "--audience", audience, *more, day=last + timedelta(days=1), hour=hour)
            assert done.exit_code == 0, done.output
        assert of_trends(root) == of_trends(whole)
        if not learns:
            assert contents(root / "site") == contents(whole / "site")


def test_it_publishes_pins_and_keeps_every_other_file(centre: Path) -> None:
    before = contents(centre / "site")
    mentions(centre, burst("refunds", FIRST + timedelta(days=1), FIRST + timedelta(days=1), 60))
    done = kb(centre, "build", "--happening", day=FIRST + timedelta(days=2))
    assert done.exit_code == 0, done.output
    assert "1 pin," in done.output
    after = contents(centre / "site")
    changed = {path for path in after if after[path] != before.get(path)}
    assert {
        "index.html",
        "trending/index.html",
        "api/trending.json",
        "api/happening.json",
        "feeds/happening.xml",
    } <= changed
    assert not [path for path in changed if path.startswith(("search/index/", "assets/"))]
    assert "contact/index.html" not in changed


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("content/articles/faq/orders/track-an-order.md", article("track-an-order", "Where is it?", "New.\n")),
        ("content/articles/faq/orders/new.md", article("new-article")),
        ("content/trending.yml", f"{TRENDING}never: [refunds]\n"),
        ("content/synonyms/en.txt", "parcel, package\n"),
        ("mkdocs.yml", MKDOCS.replace("Corner Shop", "Shop at the Corner")),
    ],
)
def test_it_refuses_when_anything_else_has_changed(centre: Path, path: str, text: str) -> None:
    before = contents(centre / "site")
    put(centre, path, text)
    refused = kb(centre, "build", "--happening")
    assert refused.exit_code == 6
    assert "more than the mentions has changed since the last build" in refused.output
    assert "publish all of it: kb build" in refused.output
    assert contents(centre / "site") == before
    assert kb(centre, "build").exit_code == 0
    assert kb(centre, "build", "--happening").exit_code == 0


@pytest.mark.parametrize("path", ["content/articles/faq/orders/track-an-order.md", "content/contact.yml"])
def test_it_refuses_what_was_edited_while_the_whole_build_ran(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    root = write(tmp_path, FILES)
    seal = Publication.seal

    def edit(publication: Publication) -> Mapping[str, Recorded]:
        put(root, path, (root / path).read_text(encoding="utf-8") + "\n# Edited\n")
        return seal(publication)

    monkeypatch.setattr(Publication, "seal", edit)
    assert kb(root, "build").exit_code == 0
    monkeypatch.undo()
    refused = kb(root, "build", "--happening")
    assert refused.exit_code == 6
    assert "more than the mentions has changed since the last build" in refused.output
    assert kb(root, "build").exit_code == 0
    assert kb(root, "build", "--happening").exit_code == 0


def test_it_refuses_when_an_article_expires(tmp_path: Path) -> None:
    files = {**FILES, "faq/orders/sale": article("sale", expiry_date="2026-11-21 12:00")}
    root = write(tmp_path, files)
    assert kb(root, "build", hour=9).exit_code == 0
    assert kb(root, "build", "--happening", hour=11).exit_code == 0
    assert kb(root, "build", "--happening", hour=13).exit_code == 6


def test_it_refuses_without_a_build_and_after_a_rollback(tmp_path: Path) -> None:
    root = write(tmp_path, FILES)
    refused = kb(root, "build", "--happening")
    assert refused.exit_code == 6
    assert "there is no build of this site to start from" in refused.output
    assert kb(root, "build").exit_code == 0
    put(root, "content/articles/faq/orders/new.md", article("new-article"))
    assert kb(root, "build").exit_code == 0
    back = CliRunner().invoke(commands, ["rollback", "-f", str(root / "mkdocs.yml"), "-d", str(root / "site")])
    assert back.exit_code == 0, back.output
    refused = kb(root, "build", "--happening")
    assert refused.exit_code == 6
    assert "the published site is not the last one that was built" in refused.output


def test_it_refuses_without_its_cache(centre: Path) -> None:
    for path in (centre / ".kb").glob("cache.sqlite*"):
        path.unlink()
    assert kb(centre, "build", "--happening").exit_code == 6
    refused = kb(centre, "build", "--happening", "--no-cache")
    assert refused.exit_code == 2
    assert "leave out --no-cache" in refused.output


def test_it_can_run_again_and_again_and_a_whole_build_learns_what_it_left_out(centre: Path) -> None:
    text = "my parcel is with the neighbour Ottokar"
    more = [row(FIRST, f"t{number}", "track-an-order", text=text) for number in range(9)]
    for count in (3, 9):
        mentions(centre, more[:count])
        assert kb(centre, "build", "--happening").exit_code == 0
    kept = contents(centre / "site/search")
    assert kb(centre, "build").exit_code == 0
    assert contents(centre / "site/search") != kept


def test_the_gate_and_strictness_hold(centre: Path) -> None:
    before = contents(centre / "site")
    put(centre, "content/mentions/more.csv", "id,time,text\n" + "1,never,x\n" * 3)
    assert kb(centre, "build", "--happening", "--strict").exit_code == 1
    put(centre, "content/mentions/more.csv", "id,text\n1,x\n")
    assert kb(centre, "build", "--happening").exit_code == 2
    assert contents(centre / "site") == before
