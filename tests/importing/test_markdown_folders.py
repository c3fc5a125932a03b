"""Folders of other site builders become articles that our own reader trusts."""

import zipfile
from pathlib import Path

import pytest

from kb_builder.content.articles import read_articles
from kb_builder.errors import InputError
from kb_builder.importing.importer import Imported, import_export
from kb_builder.parsing.dates import UTC_ZONE
from tests.centres import put


def imported(root: Path, tool: str, files: dict[str, str | bytes]) -> Imported:
    for path, text in files.items():
        put(root / "source", path, text)
    done = import_export(root, tool, root / "source")
    assert read_articles(root, zone=UTC_ZONE).findings == ()
    return done


def read(root: Path, path: str) -> str:
    return (root / "content/articles" / path).read_text()


def test_plain_markdown_gets_a_header_and_stays_closed(tmp_path: Path) -> None:
    done = imported(tmp_path, "markdown", {
        "orders/Track my parcel.md": "# Where is my parcel?\n\nSee [refunds](../money/refunds.md#when) ![p](p.png).\n",
        "orders/p.png": b"picture",
        "money/refunds.md": "Refunds\n=======\n\n# When\n\n## How\n\nText\n",
        "README.md": "# Welcome\n\nText\n",
    })  # fmt: skip
    assert done.written == (
        "content/articles/money/refunds.md",
        "content/articles/orders/where-is-my-parcel.md",
        "content/articles/welcome.md",
    )
    (picture,) = done.media
    assert read(tmp_path, "orders/where-is-my-parcel.md") == (
        '---\nid: "orders-track-my-parcel"\ntitle: "Where is my parcel?"\naudience: "staff"\n---\n\n'
        f"See [refunds](../money/refunds.md#when) ![p]({picture.removeprefix('content/articles/orders/')}).\n"
    )
    assert read(tmp_path, "money/refunds.md").endswith("## When\n\n### How\n\nText\n")
    assert done.staff == 3


def test_docusaurus(tmp_path: Path) -> None:
    done = imported(tmp_path, "docusaurus", {
        "docs/guides/_category_.json": '{"label": "Guides", "position": 2}',
        "docs/guides/intro.mdx": "---\nsidebar_position: 3\nslug: /start\ntags: [a]\ncustom: x\n---\n# Start\n\n"
        "See [it](./other).\n",
        "docs/guides/other.md": "---\ntitle: Other\ndraft: true\n---\nText\n",
        "src/x.md": "# Not a page\n",
    })  # fmt: skip
    assert read(tmp_path, "guides/start.md") == (
        '---\nid: "guides-intro"\ntitle: "Start"\ntags: ["a"]\norder: 3\nredirect_from: ["/start"]\n---\n\n'
        "See [it](other.md).\n"
    )
    assert read(tmp_path, "guides/_category.yml") == 'title: "Guides"\norder: 2\n'
    assert (done.drafts, done.staff) == (1, 0)
    assert done.losses["content/articles/guides/start.md"] == {"header key custom": 1}


def test_hugo_with_toml(tmp_path: Path) -> None:
    imported(tmp_path, "hugo", {
        "content/docs/_index.md": "---\ntitle: Documents\nweight: 4\n---\n",
        "content/docs/a.md": '+++\ntitle = "A"\nweight = 2\naliases = ["/old/a/"]\npublishDate = "2026-01-02"\n+++\n'
        '[b]({{< relref "b.md" >}})\n',
        "content/docs/b.md": "---\ntitle: B\n---\nText\n",
    })  # fmt: skip
    text = read(tmp_path, "documents/a.md")
    assert 'redirect_from: ["/old/a/"]' in text
    assert 'publish_date: "2026-01-02"' in text
    assert "[b](b.md)" in text
    assert read(tmp_path, "documents/_category.yml") == 'title: "Documents"\norder: 4\n'


def test_jekyll_posts_and_unpublished_pages(tmp_path: Path) -> None:
    done = imported(tmp_path, "jekyll", {
        "_posts/2026-01-02-first.md": "---\ntitle: First\npermalink: /first/\npublished: false\nlayout: post\n---\nx\n",
        "_includes/x.md": "no page\n",
    })  # fmt: skip
    assert done.written == ("content/articles/first.md",)
    assert done.drafts == 1
    assert done.losses == {}


def test_an_article_without_text_is_counted_as_the_draft_it_becomes(tmp_path: Path) -> None:
    done = imported(tmp_path, "markdown", {"a.md": "---\ntitle: A\n---\n", "b.md": "# B\n\nText\n"})
    assert done.drafts == 1
    assert "draft: true" in read(tmp_path, "a.md")


def test_notion_names_lose_their_hash_and_links_follow(tmp_path: Path) -> None:
    first, second = "Returns 0123456789abcdef0123456789abcdef", "Money 00000000000000000000000000000001"
    done = imported(tmp_path, "notion", {
        f"{first}.md": f"# Returns\n\nOwner: Ana\n\nSee [Money]({second.replace(' ', '%20')}.md)\n",
        f"{second}.md": "# Money\n\nText\n",
    })  # fmt: skip
    assert "See [Money](money.md)" in read(tmp_path, "returns.md")
    assert done.losses["content/articles/returns.md"]["property Owner"] == 1


def test_a_zip_archive_is_read_and_nothing_outside_of_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("a.md", "# A\n\n![x](../../secret.png)\n")
        archive.writestr("../outside.md", "# Outside\n")
    (tmp_path / "secret.png").write_bytes(b"secret")
    done = import_export(tmp_path, "markdown", tmp_path / "pages.zip")
    assert done.written == ("content/articles/a.md",)
    assert done.media == ()
    assert len(done.missing_files) == 1


@pytest.mark.parametrize("tool", ["markdown", "hugo", "html", "confluence", "notion"])
def test_a_folder_without_pages_is_refused(tool: str, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with pytest.raises(InputError, match=r"no (Markdown files|HTML pages) in it"):
        import_export(tmp_path, tool, tmp_path / "source")


def test_what_is_neither_folder_nor_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    with pytest.raises(InputError, match="neither a folder nor a ZIP archive"):
        import_export(tmp_path, "markdown", tmp_path / "x")
    with pytest.raises(InputError, match="no such file or folder"):
        import_export(tmp_path, "markdown", tmp_path / "none")


def test_a_header_that_can_not_be_read_loses_no_text(tmp_path: Path) -> None:
    done = imported(tmp_path, "markdown", {"a.md": "---\ntitle: [x\n---\n\nText\n"})
    assert read(tmp_path, "a.md").endswith("Text\n")
    assert done.losses["content/articles/a.md"]["header that can't be read"] == 1


def test_files_of_one_name_get_ids_of_their_own(tmp_path: Path) -> None:
    done = imported(tmp_path, "markdown", {"a b.md": "One\n", "a-b.md": "Two\n"})
    assert {article.id for article in read_articles(tmp_path, zone=UTC_ZONE).articles} == {"a-b", "a-b-2"}
    assert len(done.written) == 2
