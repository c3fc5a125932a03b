"""A language that is taken out of the list takes no address with it."""

from pathlib import Path

import pytest

from kb_builder.errors import InputError
from tests.centres import SMALL, header, put, write
from tests.sites.test_languages import built, configured, tree
from tests.walk import Published

pytestmark = pytest.mark.slow

GERMAN = "content/articles/faq/orders/cancel-an-order.de.md"
TEXT = header(title="Wie storniere ich?", answer="So.") + "Text ![Bild](../returns/label.svg)\n\n## Vorher\n\nMehr.\n"
HERE = "content/redirects.yml"


def test_every_address_of_a_former_language_leads_to_the_same_answer_in_the_language_of_the_sources(
    tmp_path: Path,
) -> None:
    write(tmp_path, SMALL, mkdocs=configured("en, de, ar"))
    put(tmp_path, GERMAN, TEXT)
    put(tmp_path, "content/articles/policies/refunds.ar.md", header(title="رد", answer="نعم.") + "نص.\n")
    built(tmp_path)
    before = Published(tmp_path / "site").addresses()
    german = {address: owner for address, owner in before.items() if address.startswith("de/")}
    assert {"de/", "de/faq/orders/", "de/a/cancel-an-order/#vorher", "de/feeds/changes.xml"} <= german.keys()

    (tmp_path / GERMAN).unlink()
    (tmp_path / "mkdocs.yml").write_text(configured("en, ar"))
    with pytest.raises(InputError) as refused:
        built(tmp_path)
    (finding,) = refused.value.findings
    assert finding.code == "lost-language"
    assert str(finding).endswith("add to content/redirects.yml:  /de/: /")

    put(tmp_path, HERE, "/de/: /\n")
    built(tmp_path)
    site = Published(tmp_path / "site")
    files = tree(tmp_path)
    made_new = ("de/api/happening.json", "de/assets/", "de/llms-full.txt", "de/media/preview/", "de/search/index")
    for address, owner in german.items():
        if address.startswith(made_new):
            continue  # Of no promise: made for the pages, or for programs that read all of them.
        here = address.removeprefix("de/")
        page = here.partition("#")[0]
        if not page or page.endswith("/"):
            assert site.answer(address.partition("#")[0], owner) == "redirect", address
            shown = site.passed(address)[0][-1][0]
            assert f"/{page.split('/')[1]}/" in f"/{shown}" if page.startswith("a/") else shown == page, address
        else:  # The list of articles at the root names those of other languages too.
            assert files[address] == files[here] or address == "de/api/articles.json", address
    assert site.answer("ar/a/refunds/") == "redirect"


def test_a_language_can_come_back(tmp_path: Path) -> None:
    write(tmp_path, SMALL, mkdocs=configured("en, de"))
    put(tmp_path, GERMAN, TEXT)
    built(tmp_path)
    (tmp_path / GERMAN).unlink()
    (tmp_path / "mkdocs.yml").write_text(configured("en"))
    put(tmp_path, HERE, "/de/: /\n")
    built(tmp_path)
    put(tmp_path, GERMAN, TEXT)
    (tmp_path / "mkdocs.yml").write_text(configured("en, de"))
    put(tmp_path, HERE, "")
    built(tmp_path)
    assert Published(tmp_path / "site").answer("de/a/cancel-an-order/#vorher", "cancel-an-order") == "redirect"
