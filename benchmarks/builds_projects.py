"""The same articles as a project of each builder: only what its own documentation asks for, nothing tuned away."""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from benchmarks.corpus import Article

SITE_URL: Final = "https://help.example.com/"

_CONTACT = """\
time_zone: Europe/London
channels:
  - {channel: phone, address: "+44 20 7946 0000", hours: "Mo-Fr 09:00-17:00", response_time: 5 minutes}
  - {channel: email, address: help@example.com, hours: "24/7", response_time: 4 hours}
"""

_KB = f"""\
site_name: Help centre
site_url: {SITE_URL}
docs_dir: theme
theme:
  name: material
  font: false
plugins:
  - kb
"""

_MATERIAL = f"""\
site_name: Help centre
site_url: {SITE_URL}
theme:
  name: material
  font: false
  features: [{{features}}]
plugins:
  - search
markdown_extensions:
  - admonition
  - attr_list
  - tables
  - toc:
      permalink: true
"""

_HUGO = f"""\
baseURL = "{SITE_URL}"
title = "Help centre"
languageCode = "en"
disableKinds = ["taxonomy", "term", "RSS"]
"""

# Navigation as bounded as ours: at most 12 categories and 20 siblings on a page. There is no search, and no style.
_HUGO_TEMPLATES: Mapping[str, str] = {
    "layouts/_default/baseof.html": """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ .Title }}</title>
{{ with .Description }}<meta name="description" content="{{ . }}">{{ end }}
</head>
<body>
<nav>{{ range first 12 .Site.Sections }}<a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ end }}</nav>
<main><h1>{{ .Title }}</h1>
{{ block "main" . }}{{ end }}</main>
</body>
</html>
""",
    "layouts/_default/single.html": """\
{{ define "main" }}{{ .Content }}
<ul>
{{ range first 20 .CurrentSection.RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}
</ul>
{{ end }}
""",
    "layouts/_default/list.html": """\
{{ define "main" }}<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
""",
}  # fmt: skip

Project = Callable[[Path, Iterable[Article]], Path]
"""Writes articles as a project into a folder; returns the folder with the articles."""


def write_kb(root: Path, articles: Iterable[Article]) -> Path:
    """A help centre for ``kb build``: contact, and the keys that ``kb check`` asks an article for."""
    (root / "theme").mkdir(parents=True)
    _write(root, {"mkdocs.yml": _KB, "content/contact.yml": _CONTACT})
    return _write_articles(root / "content/articles", articles, own_keys=True)


TOPICS = "navigation.tabs, navigation.indexes"
"""The features of Material that a help centre with categories switches on: a tab and a page for each of them."""


def write_material(root: Path, articles: Iterable[Article], *, features: str = TOPICS) -> Path:
    """A project for MkDocs with Material, which is one for Zensical too; navigation is made from the folders."""
    _write(root, {"mkdocs.yml": _MATERIAL.format(features=features), "docs/index.md": "# Help\n"})
    return _write_articles(root / "docs", articles)


def write_pruned_material(root: Path, articles: Iterable[Article]) -> Path:
    """The same with ``navigation.prune``: a page lists only what is beside it and above it."""
    return write_material(root, articles, features=f"{TOPICS}, navigation.prune")


def write_hugo(root: Path, articles: Iterable[Article]) -> Path:
    """A Hugo site whose templates do almost nothing but list at most as many links as our pages do."""
    _write(root, {"hugo.toml": _HUGO, **_HUGO_TEMPLATES})
    return _write_articles(root / "content", articles)


def _write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _write_articles(folder: Path, articles: Iterable[Article], *, own_keys: bool = False) -> Path:
    for article in articles:
        keys = {"title": article.title, "description": article.description}
        if own_keys:
            keys |= {"id": article.slug, "answer": article.description}
        # A JSON string is a YAML string, whatever is in it.
        header = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in keys.items())
        _write(folder, {f"{article.category}/{article.slug}.md": f"---\n{header}---\n\n{article.body}"})
    return folder
