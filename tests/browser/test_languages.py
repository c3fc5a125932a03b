"""A site in another language: its interface is in it, scripts included, and nothing English is left to be misread."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from kb_builder.content.interface_language import Language
from tests.browser.conftest import CLOCK, ROOT, Host
from tests.browser.example_pages import examples
from tests.browser.render_examples import write_examples

WORDS = {path.stem: json.loads(path.read_text("utf-8")) for path in (ROOT / "theme/words").glob("*.json")}


@pytest.fixture(scope="module")
def german(host_of: Any, tmp_path_factory: pytest.TempPathFactory) -> Host:
    folder = tmp_path_factory.mktemp("german")
    write_examples(folder, language="de")
    host: Host = host_of(folder)
    return host


def test_no_english_word_is_left_on_any_page(german: Host) -> None:
    english = {word for word, german in WORDS["de"].items() if word != german}
    found = set()
    for example in examples():
        if example.kind != "patterns":
            html = Path(german.folder, example.file).read_text("utf-8")
            shown = re.findall(r">([^<]+)<|(?:aria-label|placeholder)=\"([^\"]+)\"", html)
            found |= {(text or label).strip() for text, label in shown} & english
    titles = {example.page.common.title for example in examples()}  # type: ignore[attr-defined]
    # The examples' own titles and trails, and their body, which is written in English.
    assert found - titles <= {
        "Announcements",
        "Policies",
        "Home",
        "Link to this section",
        "Table",
        "Part of the answer",
        "Done",
        "To do",
    }


def test_scripts_speak_it_too(german: Host, tab: Page) -> None:
    tab.clock.set_fixed_time(CLOCK)
    tab.goto(german.url + "faq/orders/cancel-order/")
    tab.get_by_role("button", name="Nein", exact=True).click()
    expect(tab.locator("legend")).to_have_text("Was hat nicht gestimmt?")
    expect(tab.locator("#kb--status")).to_have_text("Kontaktmöglichkeiten finden Sie am Ende dieser Seite")
    tab.get_by_role("combobox", name="Hilfe durchsuchen").fill("flux")
    expect(tab.locator("[data-kb-panel]")).to_contain_text("Zu „flux“ wurde nichts gefunden. Fragen Sie uns:")
    tab.locator(".kb-contact").scroll_into_view_if_needed()
    expect(tab.locator(".kb-channels [data-kind=phone] [data-kb-state]")).to_contain_text("Jetzt geschlossen, öffnet")
    expect(tab.locator(".kb-channels [data-kind=phone]")).to_contain_text("Montag bis Freitag")


def test_only_the_language_of_the_site_is_sent(german: Host, examples_host: Host) -> None:
    english, other = (
        next(host.folder.glob("assets/*/page.mjs")).read_text("utf-8") for host in (examples_host, german)
    )
    table = re.search(r"^const words = (\{.*?\});$", english, re.MULTILINE | re.DOTALL)
    assert table is not None
    assert json.loads(table[1])["{count} answers"] == {"one": "{count} answer", "other": "{count} answers"}
    assert all(isinstance(forms, dict) for forms in json.loads(table[1]).values())
    assert "Suche läuft" in other
    assert WORDS["de"]["How can we help?"] not in other
    assert [path for path in german.folder.rglob("*.json") if "words" in path.parts] == []


def test_from_right_to_left_too(host_of: Any, tab: Page, tmp_path: Path) -> None:
    write_examples(tmp_path, language="ar", direction="rtl")
    host: Host = host_of(tmp_path)
    tab.goto(host.url + "faq/orders/cancel-order/")
    expect(tab.get_by_role("link", name="انتقل إلى المحتوى")).to_be_attached()
    expect(tab.get_by_role("button", name="نعم", exact=True)).to_be_visible()
    expect(tab.locator(".kb-channels .kb-channel__action").first.locator("bdi")).to_have_text("+44 20 7946 0000")
    assert Axe().run(tab).response["violations"] == []


LINE_ENDS = """(address) => {
  const range = document.createRange();
  range.selectNodeContents(address);
  return [...range.getClientRects()].map((line) => Math.round(line.right));
}"""


def test_lines_of_a_postal_address_begin_where_the_page_does(host_of: Any, tab: Page, tmp_path: Path) -> None:
    write_examples(tmp_path, language="ar", direction="rtl")
    tab.set_viewport_size({"width": 200, "height": 800})
    tab.goto(host_of(tmp_path).url + "contact/")
    ends = tab.locator(".kb-channel__address bdi").evaluate(LINE_ENDS)
    assert len(ends) > 1
    assert max(ends) - min(ends) <= 1


PARTS_OF_ADDRESS = """(address) => [...address.childNodes].flatMap((part) => {
  const range = document.createRange();
  range.selectNodeContents(part);
  return part.nodeType === Node.TEXT_NODE ? [[...range.getClientRects()].map((line) => line.top)] : [];
})"""


def test_an_email_address_is_parted_after_its_sign(german: Host, tab: Page) -> None:
    tab.set_viewport_size({"width": 320, "height": 800})
    tab.goto(german.url + "contact/")
    name, host = tab.locator("[data-kind=email] bdi").evaluate(PARTS_OF_ADDRESS)
    assert len(name) == len(host) == 1


def test_the_header_of_the_staff_is_one_row_on_a_phone(german: Host, tab: Page) -> None:
    labels = {language: words["Replies for staff"] for language, words in WORDS.items()}
    assert [language for language, label in labels.items() if len(label) > len("Replies for staff")] == []
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto(german.url + "staff/")
    label, menu = (tab.locator(name).bounding_box() for name in (".kb-header__phone", ".kb-menu__summary"))
    assert label
    assert menu
    assert menu["y"] < label["y"] + label["height"]


def test_the_table_of_contents_keeps_off_its_line(host_of: Any, tab: Page, tmp_path: Path) -> None:
    write_examples(tmp_path, language="ar", direction="rtl")
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.goto(host_of(tmp_path).url + "faq/delivery/everything/")
    padding = tab.locator(".kb-toc").evaluate("toc => parseFloat(getComputedStyle(toc).paddingRight)")
    assert padding >= 16


RULES = """([locale, numbers]) => {
  const written = new Intl.NumberFormat(`${locale}-u-nu-latn`, { useGrouping: "always" });
  const rules = new Intl.PluralRules(`${locale}-u-nu-latn`);
  return numbers.map((number) => [rules.select(number), written.format(number)]);
}"""


@pytest.mark.parametrize("code", sorted(WORDS))
def test_the_browser_counts_and_writes_numbers_as_the_build_does(tab: Page, code: str) -> None:
    language = Language(code)
    numbers = [*range(130), 1000, 1234, 12345, 1_000_000]
    found = tab.evaluate(RULES, [str(language.locale).replace("_", "-"), numbers])
    assert [form for form, _ in found] == [language.locale.plural_form(number) for number in numbers]
    assert [" ".join(text.split()) for _, text in found] == [" ".join(language.number(n).split()) for n in numbers]


def test_a_script_chooses_the_plural_form(host_of: Any, tab: Page, tmp_path: Path) -> None:
    write_examples(tmp_path, language="ar", direction="rtl")
    tab.goto(host_of(tmp_path).url)
    said = tab.evaluate(
        """async (module) => {
          const { word } = await import(module);
          return [0, 1, 2, 3, 11, 100, 1234].map((count) => word("{count} answers", { count }));
        }""",
        tab.locator("script[type=module]").first.evaluate("script => script.src"),
    )
    arabic = Language("ar", WORDS["ar"])
    assert said == [arabic.word("{count} answers", count=count) for count in (0, 1, 2, 3, 11, 100, 1234)]
    assert said[1:3] == ["إجابة واحدة", "إجابتان"]
