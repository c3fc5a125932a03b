"""Help centres for tests: written into a folder in a line or two, and values for those that need no folder."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kb_builder.commands import mkdocs_config
from kb_builder.pipeline.project import Project
from kb_builder.pipeline.search import SearchIndex
from kb_builder.pipeline.site import Site
from kb_builder.pipeline.trends import Trends
from kb_builder.system.store import Resources

CLOCK = "2026-11-21T12:00:00Z"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

MKDOCS = """\
site_name: Corner Shop
site_url: https://help.example.com/
theme:
  name: material
  font: false
plugins:
  - kb
"""

CONTACT = """\
time_zone: Europe/London
channels:
  - {channel: phone, address: "+44 20 7946 0000", hours: "Mo-Fr 09:00-17:00", response_time: 5 minutes}
  - {channel: email, address: help@example.com, hours: "24/7", response_time: 4 hours}
"""


def header(**keys: object) -> str:
    """A front matter block; values are written as YAML wants them."""
    lines = []
    for key, value in keys.items():
        if isinstance(value, list):
            lines += [f"{key}:", *(f"  - {item}" for item in value)]
        else:
            lines.append(f"{key}: {value}")
    return "---\n" + "\n".join(lines) + "\n---\n"


def article(id: str, title: str = "", body: str = "Text.\n", **keys: object) -> str:
    """An article as an editor would type it."""
    return header(id=id, title=title or id.replace("-", " ").capitalize(), **keys) + f"\n{body}"


def write(root: Path, files: Mapping[str, str | bytes], *, mkdocs: str = MKDOCS, contact: str = CONTACT) -> Path:
    """A help centre in ``root``; ``files`` are articles by their path below content/articles, without ``.md``, or any
    other file by its project path."""
    put(root, "mkdocs.yml", mkdocs)
    put(root, "content/contact.yml", contact)
    for path, text in files.items():
        own = path.startswith("content/")
        put(root, path if own else f"content/articles/{path}.md", text)
    return root


def put(root: Path, path: str, text: str | bytes) -> Path:
    """Writes one file, with its folders."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def open_site(root: Path, now: datetime = NOW, *, mentions: Sequence[Path] | None = None, **options: Any) -> Site:
    """The site of the help centre in ``root``; ``options`` are those of :class:`Project` and of :class:`Resources`, and
    ``target``, the folder of the site."""
    settings = mkdocs_config.load(str(root / "mkdocs.yml"))
    settings = replace(settings, site_folder=options.pop("target", settings.site_folder))
    resources = Resources(**{name: options.pop(name) for name in ("store", "jobs", "progress") if name in options})
    project = Project(settings, now, resources=resources, **options)
    search = SearchIndex(project, mentions)
    return Site(project, search, Trends(project, search))


def promise_the_same(source: Path, target: Path) -> None:
    """Makes ``target`` promise the addresses that were published from ``source``: they are an input of a build."""
    for record in (source / ".kb").glob("links-*.csv"):
        put(target, f".kb/{record.name}", record.read_bytes())


SMALL: Mapping[str, str] = {
    "faq/orders/cancel-an-order": article(
        "cancel-an-order", "How do I cancel an order?",
        "Open your order.\n\n## Before it ships\n\nPress cancel. See [refunds](../../policies/refunds.md#how-long).\n\n"
        "## After it shipped\n\nSend it back.\n",
        answer="You can cancel free of charge until the parcel leaves us.",
        asked_as=["stop my order", "I ordered by mistake"], redirect_from=["faq/stop-an-order"],
        last_reviewed_on="2026-10-01", owner="Orders",
    ),
    "faq/orders/track-an-order": article(
        "track-an-order", "Where is my parcel?", "Follow the link in our e-mail.\n",
        answer="The link in your dispatch e-mail shows where the parcel is.", asked_as=["track my parcel"],
        last_reviewed_on="2026-10-02",
    ),
    "faq/returns/return-an-item": article(
        "return-an-item", "How do I return an item?", "Print a label.\n\n![The label](label.svg)\n",
        answer="Send it back within 30 days with the label from your account.",
    ),
    "policies/refunds": article(
        "refunds", "Refunds",
        "We refund what you paid.\n\n## How long\n\nFive days.\n\n## What changed\n\nIt was ten days.\n",
        answer="We refund within five working days.", effective_date="2026-09-01",
    ),
    "content/articles/faq/returns/label.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>',
    "content/articles/faq/orders/_category.yml": "title: Orders\ndescription: From basket to door\norder: 1\n",
}  # fmt: skip
"""Three answers, a policy, a picture."""
