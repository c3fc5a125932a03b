"""Folders of other site builders become articles that our own reader accepts."""

import zipfile
from pathlib import Path

import pytest

from kb_builder.content.articles import read_articles
from kb_builder.errors import InputError
from kb_builder.importing.exported import STAFF_UNKNOWN
from kb_builder.importing.importer import Imported, Source, import_export
from kb_builder.importing.report import summary
from kb_builder.parsing.dates import UTC_ZONE
from tests.centres import put


def imported(root: Path, tool: str, files: dict[str, str | bytes]) -> Imported:
    for path, text in files.items():
        put(root / "source", path, text)
    done = import_export(root, Source(tool, root / "source"))
    assert read_articles(root, zone=UTC_ZONE).findings == ()
    return done


def read(root: Path, path: str) -> str:
    return (root / "content/articles" / path).read_text()


def test_plain_markdown_gets_a_header_and_is_for_staff_only(tmp_path: Path) -> None:
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
        "docs/guides/intro.mdx": "---\nsidebar_position: 3\nslug: /start\ntags: [a]\nunlisted: true\ncustom: x\n---\n"
        "# Start\n\nSee [it](./other).\n",
        "docs/guides/other.md": "---\ntitle: Other\ndraft: true\n---\nText\n",
        "src/x.md": "# Not a page\n",
    })  # fmt: skip
    assert read(tmp_path, "guides/start.md") == (
        '---\nid: "guides-intro"\ntitle: "Start"\ntags: ["a"]\norder: 3\nunlisted: true\n'
        'redirect_from: ["/start"]\n---\n\n'
        "See [it](other.md).\n"
    )
    assert read(tmp_path, "guides/_category.yml") == 'title: "Guides"\norder: 2\n'
    assert (done.drafts, done.staff) == (1, 0)
    assert done.losses["content/articles/guides/start.md"] == {
        "header key custom": 1,
        "link to a draft or a staff article, which a build refuses": 1,
    }


def test_hugo_with_toml(tmp_path: Path) -> None:
    imported(tmp_path, "hugo", {
        "content/docs/_index.md": "---\ntitle: Documents\nweight: 4\n---\n",
        "content/docs/a.md": '+++\ntitle = "A"\nweight = 2\naliases = ["/old/a/"]\npublishDate = "2026-01-02"\n+++\n'
        '[b]({{< relref "b.md" >}})\n',
        "content/docs/b.md": "---\ntitle: B\n---\nText\n",
        "content/docs/c.md": '+++\ntitle = "C"\nslug = "c"\nurl = "/docs/see/"\npublishDate = 2026-01-02\n'
        "expiryDate = 2030-01-01T00:00:00Z\n+++\nText\n",
    })  # fmt: skip
    text = read(tmp_path, "documents/c.md")
    for line in (
        'redirect_from: ["/docs/see/"]',
        'publish_date: "2026-01-02"',
        'expiry_date: "2030-01-01T00:00:00+00:00"',
    ):
        assert line in text
    text = read(tmp_path, "documents/a.md")
    assert 'redirect_from: ["/old/a/"]' in text
    assert 'publish_date: "2026-01-02"' in text
    assert "[b](b.md)" in text
    assert read(tmp_path, "documents/_category.yml") == 'title: "Documents"\norder: 4\n'


def test_jekyll_posts_and_unpublished_pages(tmp_path: Path) -> None:
    done = imported(tmp_path, "jekyll", {
        "_posts/2026-01-02-first.md": "---\ntitle: First\npermalink: /first/\npublished: false\nlayout: post\n---\nx\n",
        "a.md": "---\ntitle: A\ncategories: money cards\n---\n[b]({% post_url 2026-01-03-b %})\n",
        "_posts/2026-01-03-b.md": "---\ntitle: B\n---\nx\n",
        "_includes/x.md": "no page\n",
    })  # fmt: skip
    assert done.written == tuple(f"content/articles/{name}.md" for name in ("a", "b", "first"))
    assert '["money", "cards"]' in read(tmp_path, "a.md")
    assert "[b](b.md)" in read(tmp_path, "a.md")
    assert done.drafts == 1
    assert done.losses == {}


def test_an_article_without_text_is_counted_as_the_draft_it_becomes(tmp_path: Path) -> None:
    done = imported(tmp_path, "markdown", {"a.md": "---\ntitle: A\n---\n", "b.md": "# B\n\nText\n"})
    assert done.drafts == 1
    assert "draft: true" in read(tmp_path, "a.md")


def test_a_comment_in_code_is_no_heading(tmp_path: Path) -> None:
    body = "# A\n\n```\n```js\n# c\n```\n"
    imported(tmp_path, "markdown", {"a.md": f"# T\n\n{body}"})
    assert read(tmp_path, "t.md").endswith(f"\n#{body}")


def test_notion_names_lose_their_hash_and_links_follow(tmp_path: Path) -> None:
    first, second = "Returns 0123456789abcdef0123456789abcdef", "Money 00000000000000000000000000000001"
    done = imported(tmp_path, "notion", {
        f"{first}.md": "# Returns\n\nOwner: Ana\nTags: money, post\nStatus: Done\n\n"
        f"See [Money]({second.replace(' ', '%20')}.md)\n",
        f"{second}.md": "# Money\n\nText\n",
        f"{second}/Cash {'1' * 32}.md": "# Cash\n\nText\n",
    })  # fmt: skip
    assert "See [Money](money/money.md)" in read(tmp_path, "returns.md")
    assert done.losses["content/articles/returns.md"]["property Status"] == 1
    assert 'owner: "Ana"' in read(tmp_path, "returns.md")
    assert 'tags: ["money", "post"]' in read(tmp_path, "returns.md")
    assert "content/articles/money/cash.md" in done.written


def test_a_zip_archive_is_read_and_nothing_outside_of_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("a.md", "# A\n\n![x](../../secret.png)\n")
        archive.writestr("../outside.md", "# Outside\n")
    (tmp_path / "secret.png").write_bytes(b"secret")
    done = import_export(tmp_path, Source("markdown", tmp_path / "pages.zip"))
    assert done.written == ("content/articles/a.md",)
    assert done.media == ()
    assert len(done.missing_files) == 1


@pytest.mark.parametrize("tool", ["markdown", "hugo", "html", "confluence", "notion"])
def test_a_folder_without_pages_is_refused(tool: str, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with pytest.raises(InputError, match=r"no (Markdown files|HTML pages) in it"):
        import_export(tmp_path, Source(tool, tmp_path / "source"))


def test_what_is_neither_folder_nor_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    with pytest.raises(InputError, match="neither a folder nor a ZIP archive"):
        import_export(tmp_path, Source("markdown", tmp_path / "x"))
    with pytest.raises(InputError, match="no such file or folder"):
        import_export(tmp_path, Source("markdown", tmp_path / "none"))


def test_a_header_that_can_not_be_read_loses_no_text(tmp_path: Path) -> None:
    done = imported(tmp_path, "markdown", {"a.md": "---\ntitle: [x\n---\n\nText\n"})
    assert read(tmp_path, "a.md").endswith("Text\n")
    assert done.losses["content/articles/a.md"]["header that can't be read"] == 1


def test_files_of_one_name_get_ids_of_their_own(tmp_path: Path) -> None:
    done = imported(tmp_path, "markdown", {"a b.md": "One\n", "a-b.md": "Two\n"})
    assert {article.id for article in read_articles(tmp_path, zone=UTC_ZONE).articles} == {"a-b", "a-b-2"}
    assert len(done.written) == 2


def test_a_number_that_makes_an_id_its_own_is_not_that_of_another_file(tmp_path: Path) -> None:
    names = ("a b.md", "a-b.md", "a-b-2.md", "a_b.md")
    done = imported(tmp_path, "docusaurus", {name: f"# Title\n\nText of {name}.\n" for name in names})
    ids = sorted(article.id for article in read_articles(tmp_path, zone=UTC_ZONE).articles)
    assert ids == ["a-b", "a-b-2", "a-b-3", "a-b-4"]
    assert len(done.written) == 4


PAGE = "---\ntitle: {}\n---\nText\n"


@pytest.mark.parametrize(
    ("tool", "files", "source", "translation"),
    [
        ("mkdocs", {"docs/pay.md": "Pay", "docs/pay.de.md": "Zahlen"}, "pay.md", "pay.de.md"),
        ("markdown", {"a/pay.md": "Pay", "a/pay.de.md": "Zahlen"}, "a/pay.md", "a/pay.de.md"),
        ("hugo", {"content/en/pay.md": "Pay", "content/de/pay.md": "Zahlen"}, "pay.md", "pay.de.md"),
        ("jekyll", {"en/pay.md": "Pay", "de/pay.md": "Zahlen"}, "pay.md", "pay.de.md"),
        ("docusaurus",
         {"docs/pay.md": "Pay", "i18n/de/docusaurus-plugin-content-docs/current/pay.md": "Zahlen"},
         "pay.md", "pay.de.md"),
    ],
)  # fmt: skip
def test_pages_in_another_language_are_translations(
    tool: str, files: dict[str, str], source: str, translation: str, tmp_path: Path
) -> None:
    for path, title in files.items():
        put(tmp_path / "source", path, PAGE.format(title))
    done = import_export(tmp_path, Source(tool, tmp_path / "source"), languages=("en", "de"))
    assert done.written == (f"content/articles/{translation}", f"content/articles/{source}")
    assert 'title: "Pay"' in read(tmp_path, source)
    assert 'title: "Zahlen"' in read(tmp_path, translation)
    other = tmp_path / "other"
    lost = import_export(other, Source(tool, tmp_path / "source")).losses
    assert "translation not imported: de" in lost[f"content/articles/{source}"]


def test_a_link_to_a_moved_file_is_followed_by_its_name_alone_where_no_other_has_it(tmp_path: Path) -> None:
    imported(tmp_path, "markdown", {
        "a.md": "# A\n\n[one](old/moved.md) [two](old/pay.md) [three](old/README.md)\n",
        "x/moved.md": "# Moved\n\nText\n", "x/pay.md": "# Pay\n\nText\n", "y/pay.md": "# Pay\n\nText\n",
        "x/README.md": "# Read\n\nText\n",
    })  # fmt: skip
    assert "[one](x/moved.md) [two](old/pay.md) [three](old/README.md)" in read(tmp_path, "a.md")


def test_a_name_with_a_dot_is_no_language(tmp_path: Path) -> None:
    done = imported(tmp_path, "markdown", {"node.md": "# N\n\nText\n", "node.js.md": "# J\n\nText\n"})
    assert len(done.written) == 2


def test_the_navigation_of_mkdocs_gives_sections_order_and_titles(tmp_path: Path) -> None:
    done = imported(tmp_path, "mkdocs", {
        "mkdocs.yml": "site_name: X\nnav:\n  - Home: index.md\n  - Orders & more:\n    - Late parcels: late.md\n"
        "    - faq/pay.md\nexclude_docs: |\n  # notes\n  internal/\n  *.tmp.md\ndraft_docs: soon.md\n"
        "markdown_extensions:\n  - x: !!python/name:os.system\n",
        "docs/index.md": "# Welcome\n\nText\n",
        "docs/late.md": "Text\n",
        "docs/faq/pay.md": "# Pay\n\nText\n",
        "docs/internal/codes.md": "# Codes\n\nText\n",
        "docs/soon.md": "# Soon\n\nText\n",
        "docs/rest.md": "# Rest\n\nText\n",
    })  # fmt: skip
    assert done.drafts == 2
    assert done.losses["content/articles/internal/codes.md"] == {"not published by its site: a draft": 1}
    assert 'title: "Late parcels"\norder: 1\n' in read(tmp_path, "orders-more/late-parcels.md")
    assert "order: 2\n" in read(tmp_path, "orders-more/pay.md")
    assert read(tmp_path, "orders-more/_category.yml") == 'title: "Orders & more"\norder: 2\n'
    assert "draft" not in read(tmp_path, "rest.md")


def test_what_a_site_does_not_publish_stays_behind_or_is_a_draft(tmp_path: Path) -> None:
    done = imported(tmp_path, "docusaurus", {
        "docs/a.md": "# A\n\nText\n", "docs/_part.md": "Part\n", "versioned_docs/version-1/a.md": "# Old\n\nText\n",
    })  # fmt: skip
    assert done.written == ("content/articles/a.md",)
    assert done.losses[""] == {"partial not imported": 1, "Markdown file outside of docs/ not imported": 1}
    other = tmp_path / "other"
    assert imported(other, "jekyll", {"_drafts/b.md": "# B\n\nText\n"}).drafts == 1


def test_parents_of_jekyll_are_folders_and_authors_owners(tmp_path: Path) -> None:
    done = imported(tmp_path, "jekyll", {"a.md": "---\nparent: Pay\ngrand_parent: Money\ntitle: A\n---\nText\n"})
    assert done.written == ("content/articles/money/pay/a.md",)
    other = tmp_path / "other"
    imported(
        other, "docusaurus", {"docs/a.md": "---\nlast_update: {date: 2026-01-02, author: Ann}\n---\n# A\n\nText\n"}
    )
    assert 'owner: "Ann"\nlast_reviewed_on: "2026-01-02"' in read(other, "a.md")


def test_a_folder_of_an_old_help_centre_keeps_its_links_and_addresses(tmp_path: Path) -> None:
    host = "https://help.example.com/hc/en-us"
    done = imported(tmp_path, "markdown", {
        "pay.md": f"---\nid: 360001\ntitle: Pay\n---\nSee [it]({host}/articles/360002-Send#how), "
        f"[gone]({host}/articles/360009-Gone), [all]({host}/sections/360) and "
        "[theirs](https://other.example/articles/360002) ![p](https://cdn.example/p.png) ![q](q.png)\n",
        "send.md": "---\nid: 360002\ntitle: Send\n---\n## How\n\nText\n",
    })  # fmt: skip
    text = read(tmp_path, "pay.md")
    assert 'redirect_from: ["/hc/en-us/articles/360001"]' in text
    assert "[it](send.md#how)" in text
    assert "[theirs](https://other.example/articles/360002)" in text
    assert done.losses["content/articles/pay.md"] == {
        "link to an article that is not in the export": 1,
        "link to another page of the old help centre": 1,
        STAFF_UNKNOWN: 1,
    }
    lines = summary(done).splitlines()
    assert "  1 link to articles that are not in the export" in lines
    assert "  1 file not in the source: --media names the folder that has them" in lines
    assert "  1 file at cdn.example: save them, and --media brings them" in lines
    assert "  link to another page of the old help centre: 1" in lines
