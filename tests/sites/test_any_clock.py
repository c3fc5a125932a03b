"""No date stops a site: what builds at one moment builds at any other."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from kb_builder.commands.cli import commands
from kb_builder.errors import Severity
from tests.centres import article, open_site, put, write

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
NAMES = ("one", "two", "three", "four")
DAYS = st.integers(-40, 40)
DATES = st.one_of(st.none(), DAYS.map(lambda days: (START + timedelta(days=days)).date().isoformat()))


def errors(root: Path, now: datetime) -> set[str]:
    found = open_site(root, now).findings
    return {finding.code for finding in found if finding.severity is Severity.ERROR}


@st.composite
def articles(draw: st.DrawFn) -> dict[str, str]:
    """Articles with dates, states and links to each other, each valid by itself."""
    made = {}
    for name in NAMES:
        keys: dict[str, object] = {}
        publish, expiry = draw(DATES), draw(DATES)
        if publish and (not expiry or publish < expiry):
            keys["publish_date"] = publish
        if expiry:
            keys["expiry_date"] = expiry
        if draw(st.integers(0, 5)) == 0:
            keys["draft"] = "true"
        if draw(st.integers(0, 5)) == 0:
            keys["audience"] = "staff"
        if draw(st.booleans()):
            keys["promoted"] = f"{{until: {(START + timedelta(days=draw(DAYS))).date().isoformat()}}}"
        others = draw(st.lists(st.sampled_from([other for other in NAMES if other != name]), max_size=2))
        keys["related"] = f"[{', '.join(others)}]"
        links = " ".join(f"[{other}]({draw(st.sampled_from([f'{other}.md', f'/a/{other}/']))})" for other in others)
        made[f"faq/{name}"] = article(name, f"Title {name}", f"Text of {name}. {links}\n", **keys)
    return made


@given(articles(), st.lists(DAYS, min_size=2, max_size=4))
@settings(deadline=None, max_examples=25)
def test_the_clock_causes_no_error(made: dict[str, str], days: list[int]) -> None:
    with TemporaryDirectory() as folder:
        root = write(Path(folder), made)
        put(root, "content/announcements/2026-11-25-news.md", "---\ntitle: News\n---\nSee [one](/a/one/).\n")
        found = [errors(root, START + timedelta(days=day)) for day in days]
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize("link", ["late.md", "late", "/a/late/", "/faq/late/", "https://help.example.com/a/late/"])
def test_a_link_to_what_expired_leads_to_its_notice_with_a_warning(tmp_path: Path, link: str) -> None:
    write(
        tmp_path,
        {
            "faq/late": article("late", "My parcel is late", "Wait two days.\n", expiry_date="2026-12-05"),
            "faq/soon": article("soon", "Soon to come", "Later this year.\n", publish_date="2026-12-10"),
            "faq/home": article("home", "Start", f"[My parcel is late]({link}) and [Soon](soon.md).\n"),
        },
    )
    for day, states in (("2026-11-21", (False, False)), ("2026-12-05", (True, False)), ("2026-12-10", (True, True))):
        built = CliRunner().invoke(
            commands, ["build", "-f", str(tmp_path / "mkdocs.yml"), "--clock", f"{day}T00:00:00Z"]
        )
        assert built.exit_code == 0, built.output
        page = (tmp_path / "site/faq/home/index.html").read_text()
        assert "My parcel is late" in page
        assert "/late/" in page.partition("<article")[2].partition("</article")[0]
        late = (tmp_path / "site/faq/late/index.html").read_text()
        assert ("This answer was withdrawn on 5 December 2026" in late, "../soon/" in page) == states
