"""A help centre in several languages: each is whole, none has words of another, and the gate holds in each."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from kb_builder.content.inventory import read_inventory, write_inventory
from kb_builder.errors import InputError
from kb_builder.model import Promise
from kb_builder.pipeline.centre import Centre
from tests.centres import CONTACT, MKDOCS, SMALL, article, header, open_site, put, write
from tests.sites.in_languages import ALL, TRANSLATED, built, configured, readable, token, tree

pytestmark = pytest.mark.slow


def test_one_declared_language_changes_no_byte(tmp_path: Path) -> None:
    built(write(tmp_path / "plain", SMALL))
    built(write(tmp_path / "declared", SMALL, mkdocs=configured("en")))
    built(write(tmp_path / "untranslated", SMALL, mkdocs=ALL))
    assert tree(tmp_path / "plain") == tree(tmp_path / "declared") == tree(tmp_path / "untranslated")


def test_an_edit_of_a_translation_renders_only_its_language(tmp_path: Path) -> None:
    write(tmp_path, TRANSLATED, mkdocs=ALL)
    built(tmp_path)
    before = tree(tmp_path)
    put(tmp_path, "content/articles/faq/returns/return-an-item.ar.md", "# كيف أعيد منتجًا؟\n\nاطبع ملصقًا جديدًا.\n")
    again = built(tmp_path)
    after = tree(tmp_path)
    changed = {path for path in after if before.get(path) != after[path]}
    assert changed
    assert {path.partition("/")[0] for path in changed} <= {"ar", "api"}
    assert 0 < again.rendered < 20


def test_each_language_has_its_own_contact_channels(tmp_path: Path) -> None:
    """What was kept of a promise is measured once, and found by the channel in whatever order another file has it."""
    phone, email = (line.rstrip() for line in CONTACT.splitlines()[2:])
    zone = "time_zone: Europe/London\nchannels:\n"
    german = f"{zone}{email[:-1]}, cost: kostenlos}}\n{phone[:-1]}, publish: true, cost: Ortstarif}}\n"
    write(tmp_path, TRANSLATED | {"content/contact.de.yml": german}, mkdocs=ALL)
    site = open_site(tmp_path, mentions=())
    promise = Promise("phone", "Phone", None, "5 minutes", 10, 0, 0.987, 1, 2, "5 minutes", position=0)
    site.trends.__dict__["promises"] = (promise, replace(promise, channel="email", share=0.5, position=1))
    shown = [[(one.kind, one.cost, one.kept) for one in each.context.contact.channels] for each in Centre(site).sites]
    assert shown == [
        [("phone", "", None), ("email", "", None)],
        [("email", "kostenlos", None), ("phone", "Ortstarif", 98)],
        [("phone", "", None), ("email", "", None)],
    ]


def test_each_language_has_its_pages_and_names_the_others(tmp_path: Path) -> None:
    write(tmp_path, TRANSLATED, mkdocs=ALL)
    made = built(tmp_path)
    assert made.articles == len(SMALL) - 2 + 3
    files = tree(tmp_path)
    page = files["de/faq/orders/track-an-order/index.html"].decode()
    root = "https://help.example.com/"
    assert '<html lang="de" dir="ltr"' in page
    assert f'<link rel="canonical" href="{root}de/faq/orders/track-an-order/">' in page
    assert "<b>Deutsch</b>" in page
    assert ">Bestellungen</a>" in page
    assert 'href="../../../../ar/faq/orders/track-an-order/" lang="ar">العربية</a>' in page
    assert '<html lang="ar" dir="rtl"' in files["ar/faq/returns/return-an-item/index.html"].decode()
    assert b'href="/de/contact/"' in files["de/404.html"]
    assert b'href="/ar/" lang="ar"' in files["de/404.html"]
    short = files["a/track-an-order/index.html"].decode()
    assert '<a href="../../de/faq/orders/track-an-order/" lang="de"' in short
    assert "http-equiv" not in short
    assert b"http-equiv" in files["de/a/track-an-order/index.html"]
    assert {"robots.txt", "sitemap.xml", "favicon.ico"} <= files.keys()
    assert not {"de/robots.txt", "de/sitemap.xml", "de/favicon.ico"} & files.keys()


def test_programs_get_all_languages_at_the_root_and_one_in_its_folder(tmp_path: Path) -> None:
    write(tmp_path, TRANSLATED, mkdocs=ALL)
    built(tmp_path)
    files = tree(tmp_path)
    every = json.loads(files["api/articles.json"])["articles"]
    german = json.loads(files["de/api/articles.json"])["articles"]
    assert {(one["id"], one["language"]) for one in german} == {("track-an-order", "de"), ("return-an-item", "de")}
    assert {one["language"] for one in every} == {"en", "de", "ar"}
    assert [one for one in every if one["language"] == "de"] == german
    assert german[0]["short_url"].startswith("https://help.example.com/de/a/")
    sitemap = gzip.decompress(files["sitemap-1.xml.gz"]).decode()
    assert sitemap.count("<loc>https://help.example.com/de/faq/orders/track-an-order/</loc>") == 1
    assert "/de/faq/orders/cancel-an-order/</loc>" not in sitemap
    assert '<x:link rel="alternate" hreflang="de" href="https://help.example.com/de/"/>' in sitemap
    assert b"cancel-an-order" not in files["de/llms.txt"]


def test_an_article_without_a_translation_is_shown_and_marked(tmp_path: Path) -> None:
    write(tmp_path, TRANSLATED, mkdocs=ALL)
    built(tmp_path)
    files = tree(tmp_path)
    page = files["de/faq/orders/cancel-an-order/index.html"].decode()
    assert "Diese Antwort ist noch nicht übersetzt." in page
    assert '<h1 lang="en" dir="ltr">How do I cancel an order?</h1>' in page
    assert '<div class="md-typeset" lang="en" dir="ltr">' in page
    assert '<link rel="canonical" href="https://help.example.com/faq/orders/cancel-an-order/">' in page
    listed = files["de/faq/orders/index.html"].decode()
    assert listed.index("Wo ist mein Paket?") < listed.index('lang="en" dir="ltr">How do I cancel an order?')
    german = Centre(open_site(tmp_path)).sites[1].search
    assert [hit.id for hit in german.reader.search("ordered by mistake").hits][:1] == ["cancel-an-order"]
    assert not german.reader.search("ships press").hits, "of its body nothing is searched"


def test_an_article_without_a_translation_can_be_left_out(tmp_path: Path) -> None:
    linking = header(title="Wo?") + "[Stornieren](cancel-an-order.md)\n"
    files = {**TRANSLATED, "faq/orders/track-an-order.de": linking}
    write(tmp_path, files, mkdocs=configured("en, de, ar", "      fallback: omit\n"))
    made = built(tmp_path)
    assert not [finding for finding in made.findings if finding.code == "broken-link"]
    site = tree(tmp_path)
    assert "de/faq/orders/cancel-an-order/index.html" not in site
    assert b'href="../../../../faq/orders/cancel-an-order/"' in site["de/faq/orders/track-an-order/index.html"]
    assert b'href="../../../de/faq/orders/" lang="de"' in site["faq/orders/cancel-an-order/index.html"]


def test_an_address_of_a_translation_that_went_leads_to_the_source(tmp_path: Path) -> None:
    omit = configured("en, de, ar", "      fallback: omit\n")
    write(tmp_path, TRANSLATED, mkdocs=omit)
    built(tmp_path)
    (tmp_path / "content/articles/faq/returns/return-an-item.de.md").unlink()
    built(tmp_path)
    page = tree(tmp_path)["de/faq/returns/return-an-item/index.html"]
    assert b'href="../../../../faq/returns/return-an-item/"' in page


HIDDEN = {"audience: staff": "staff", "draft: true": "draft", "publish_date: 2027-01-01": "later"}


@pytest.mark.parametrize("gate", HIDDEN)
def test_a_translation_may_be_kept_in_while_its_source_is_public(tmp_path: Path, gate: str) -> None:
    secret = header(title=f"Titel {token('de', 'secret')}") + f"Nur {token('de', 'body')} intern und sonst nirgends.\n"
    hidden = secret.replace("---\n", f"---\n{gate}\n", 1)
    write(tmp_path, {**TRANSLATED, "faq/orders/cancel-an-order.de": hidden}, mkdocs=ALL)
    built(tmp_path)
    everything = b"".join(map(readable, tree(tmp_path).values()))
    assert b"zqde" not in everything
    assert "noch nicht übersetzt".encode() in tree(tmp_path)["de/faq/orders/cancel-an-order/index.html"]
    put(tmp_path, "content/articles/faq/orders/cancel-an-order.de.md", secret)
    built(tmp_path)
    assert b"zqde" in tree(tmp_path)["de/faq/orders/cancel-an-order/index.html"]


def test_a_public_translation_of_a_text_for_staff_stays_inside(tmp_path: Path) -> None:
    inside = article("inside", "Inside?", "Only for us.\n", audience="staff")
    german = header(title=f"Titel {token('de', 'title')}", audience="public") + f"Text {token('de', 'body')}.\n"
    write(tmp_path, {**TRANSLATED, "faq/orders/inside": inside, "faq/orders/inside.de": german}, mkdocs=ALL)
    built(tmp_path)
    assert b"zqde" not in b"".join(map(readable, tree(tmp_path).values()))
    site = open_site(tmp_path, staff=True)
    assert token("de", "title") in {
        item.title.removeprefix("Titel ") for item in Centre(site).sites[1].project.view.articles
    }


def test_the_inventory_holds_every_language_and_comes_back_the_same(tmp_path: Path) -> None:
    write(tmp_path, TRANSLATED, mkdocs=ALL)
    entries = Centre(open_site(tmp_path)).entries
    assert entries["de/faq/orders/track-an-order/"].leads_to == "track-an-order"
    assert entries["de/faq/orders/"].leads_to == "de/faq/orders/"
    put(tmp_path, "content/links.csv", write_inventory(entries.values()))
    assert read_inventory(tmp_path).entries == entries
    again = Centre(open_site(tmp_path))
    assert again.entries == entries
    assert not [finding for finding in again.findings if finding.code in ("unlisted-address", "dead-address")]


def test_a_notice_may_be_translated_after_it_was_shown_as_it_is(tmp_path: Path) -> None:
    notice = "---\ntitle: Late\nend: 2026-12-01\nsummary: Later.\n---\n## What you can do\n\nWait.\n"
    write(tmp_path, {**TRANSLATED, "content/announcements/2026-11-20-late.md": notice}, mkdocs=ALL)
    entries = Centre(open_site(tmp_path)).entries
    own = "announcements/2026-11-20-late/#what-you-can-do"
    assert own in entries
    assert f"de/{own}" not in entries
    put(tmp_path, "content/links.csv", write_inventory(entries.values()))
    german = notice.replace("Late", "Spät").replace("What you can do", "Was Sie tun können")
    translation = put(tmp_path, "content/announcements/2026-11-20-late.de.md", german)
    made = Centre(open_site(tmp_path))
    assert not [finding for finding in made.findings if finding.code == "dead-address"]
    put(tmp_path, "content/links.csv", write_inventory(made.entries.values()))
    translation.write_text(german.replace("Was Sie tun können", "Rat"), "utf-8")
    (lost,) = [finding for finding in Centre(open_site(tmp_path)).findings if finding.code == "dead-address"]
    address = '"/de/announcements/2026-11-20-late/#was-sie-tun-konnen"'
    assert lost.message == f"{address} would be lost: no page or redirect has it"
    assert lost.hint.startswith(f"add to content/redirects.yml:  {address}: ")


def test_redirects_stay_in_their_language(tmp_path: Path) -> None:
    files = {
        **TRANSLATED,
        "content/redirects.yml": "/de/faq/alt/: track-an-order\n/faq/old/: track-an-order\n",
        "content/links.csv": "address,leads_to,since,withdrawn\n/de/faq/old/,track-an-order,2026-01-01,\n",
    }
    write(tmp_path, files, mkdocs=ALL)
    built(tmp_path)
    site = tree(tmp_path)
    assert b"Wo ist mein Paket?" in site["de/faq/alt/index.html"]
    assert b"Where is my parcel?" in site["faq/old/index.html"]
    assert b"Wo ist mein Paket?" in site["de/faq/old/index.html"], "a rule is about every language it was public in"
    assert "ar/faq/old/index.html" not in site
    put(tmp_path, "content/redirects.yml", "/de/faq/alt/: /faq/orders/track-an-order/\n")
    with pytest.raises(InputError, match="from one language to another"):
        built(tmp_path)


def test_what_is_wrong_with_a_redirect_of_one_language_is_reported(tmp_path: Path) -> None:
    files = {
        **TRANSLATED,
        "content/redirects.yml": "/de/alt/: trak-an-order\n/ar/x/: {replaced_by: nope}\n/old/: track-an-order\n",
        "faq/orders/track-an-order.de": header(title="Wo ist mein Paket?", redirect_from=["/de/da/?x=1"]) + "Da.\n",
    }
    write(tmp_path, files, mkdocs=ALL)
    found = [str(finding).partition("\n")[0] for finding in Centre(open_site(tmp_path)).findings]
    assert [line for line in found if " error: " in line] == [
        'content/articles/faq/orders/track-an-order.de.md:3: error: "/de/da/?x=1" has a query',
        'content/redirects.yml:1: error: no article has the id "trak-an-order"',
        'content/redirects.yml:2: error: no article has the id "nope"',
    ]


def test_a_notice_gives_no_reason_in_another_language(tmp_path: Path) -> None:
    lines = "a/fax/: {gone: Nobody has a fax.}\n/faq/fax/: fax\na/pager/: {gone: Nobody has a pager.}\n"
    known = "".join(f"/{folder}a/{id}/,{id},2026-01-01,\n" for folder in ("", "de/", "ar/") for id in ("fax", "pager"))
    files = {
        **TRANSLATED,
        "content/redirects.yml": lines + "/de/a/fax/: {gone: Niemand hat ein Fax.}\n",
        "content/links.csv": f"address,leads_to,since,withdrawn\n{known}/de/faq/fax/,fax,2026-01-01,\n",
    }
    write(tmp_path, files, mkdocs=ALL)
    centre = Centre(open_site(tmp_path))
    assert [finding for finding in centre.findings if finding.path == "content/redirects.yml"] == []
    built(tmp_path)
    site = tree(tmp_path)
    assert b"Nobody has a fax." in site["a/fax/index.html"]
    assert b"Niemand hat ein Fax." in site["de/a/fax/index.html"]
    assert b"Niemand hat ein Fax." in site["de/faq/fax/index.html"]
    assert b"Nobody" not in site["de/a/pager/index.html"] + site["ar/a/fax/index.html"] + site["ar/a/pager/index.html"]


def test_mentions_are_matched_in_the_language_they_are_written_in(tmp_path: Path) -> None:
    german = {
        "faq/orders/track-an-order.de": header(title="Wo ist mein Paket?", asked_as=["Sendung verfolgen"]) + "Link.\n"
    }
    rows = [
        f"{number},2026-11-2{number % 2}T10:00:00Z,email,all,c{number},wo ist mein Paket bitte die Sendung verfolgen,"
        for number in range(8)
    ]
    write(tmp_path, {**SMALL, **german}, mkdocs=configured("en, de"))
    put(
        tmp_path,
        "content/mentions/m.csv",
        "\n".join(["id,time,channel,segment,customer_id,text,article_id", *rows]) + "\n",
    )
    site = open_site(tmp_path)
    assert site.search.mentions.reading.by_text == 8
    assert Centre(site).sites[1].search.mentions is site.search.mentions
    write(tmp_path, {}, mkdocs=MKDOCS)
    (tmp_path / "content/articles/faq/orders/track-an-order.de.md").unlink()
    assert open_site(tmp_path).search.mentions.reading.by_text < 8


def test_a_page_says_so_only_where_an_important_change_is_missing(tmp_path: Path) -> None:
    """The source that it names is right; an edit of the source alone brings the sentence and takes it away."""
    stale = header(title="Wo ist mein Paket?", translated_from="aaaaaaaaaa") + "Folgen.\n"
    write(tmp_path, {**TRANSLATED, "faq/orders/track-an-order.de": stale}, mkdocs=ALL)
    source = tmp_path / "content/articles/faq/orders/track-an-order.md"
    plain = source.read_text("utf-8")

    def page() -> str:
        built(tmp_path)
        return tree(tmp_path)["de/faq/orders/track-an-order/index.html"].decode()

    told = "Seit der Übersetzung dieser Antwort hat sich etwas Wichtiges geändert."
    assert told not in page()
    source.write_text(plain.replace("---\n", "---\nimportant: true\n", 1), "utf-8")
    assert (
        f'{told} <a href="../../../../faq/orders/track-an-order/" hreflang="en" lang="en" dir="ltr">English</a>'
        in page()
    )
    source.write_text(plain, "utf-8")
    assert told not in page()
