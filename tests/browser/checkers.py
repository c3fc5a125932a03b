"""What three checkers say about the accessibility of the page in a tab: axe, IBM's and the one of pa11y.

All three are scripts that run in the page, so that they see what scripts and readers have made of it. None of them
compares what is typed into a field with the colour behind it, so that is done here.
"""

from functools import cache

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from scripts.install_checkers import MODULES

AXE_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # The same violations at half the cost: without a selector for every element that is right.
    "resultTypes": ["violations"],
    "selectors": False,
}
IBM = "accessibility-checker-engine/ace.js"
RUN_IBM = """async () => (await new window.ace.Checker().check(document, ["IBM_Accessibility", "WCAG_2_2"])).results
  .filter(({ value: [level, found] }) => found === "FAIL" || (level === "VIOLATION" && found === "POTENTIAL"))
  .map(({ value: [, found], ruleId, message, snippet }) => [found, ruleId, `${message}: ${snippet.slice(0, 200)}`])"""
TO_JUDGE = {
    "blockquote_cite_exists": "asked of every quotation of the authors",
    "aria_keyboard_handler_exists": "it sees no listeners; test_keyboard.py presses the keys",
    "element_tabbable_unobscured": "whether focus is covered; nothing of the theme is fixed over the page",
    "form_submit_button_exists": "it looks for `type=submit`, which is what a button without a type is (HTML)",
    "input_label_visible": "a search box is labelled by its button and placeholder (WCAG technique G167)",
    "input_checkboxes_grouped": "a checkbox of a task list stands for itself",
    "style_color_misuse": "asked of every style sheet",
    "text_quoted_correctly": "asked of words in quotation marks",
    "text_block_heading": "asked of every short line in bold, such as a way to contact us",
    "widget_tabbable_exists": "the list of a combobox, which keeps the focus in its box (ARIA 1.2)",
    "text_sensory_misuse": "asked of words such as “large” in the authors' text",
    "list_markup_review": "a day in German, 23. Oktober, is no item of a list",
}
"""Rules by which IBM's checker asks a person to look, each with what the person found."""
HTML_CODE_SNIFFER = "@pa11y/html_codesniffer/build/HTMLCS.js"
RUN_HTML_CODE_SNIFFER = """() => new Promise((done) => window.HTMLCS.process("WCAG2AA", document, () => done(
  window.HTMLCS.getMessages().filter(({ type }) => type === window.HTMLCS.ERROR)
    .map(({ code, msg, element }) => `${code}: ${msg}: ${element.outerHTML?.slice(0, 200)}`))))"""

UNREADABLE_FIELDS = """() => {
  const light = (color) => {
    const [red, green, blue] = color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05;
  };
  const behind = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return /, 0\\)$|^transparent$/.test(color) && element.parentElement ? behind(element.parentElement) : color;
  };
  return [...document.querySelectorAll("input:not([type=radio], [type=checkbox]), textarea, select")]
    .filter((field) => field.checkVisibility())
    .map((field) => [field, [light(getComputedStyle(field).color), light(behind(field))].sort((a, b) => b - a)])
    .filter(([, [most, least]]) => most / least < 4.5)
    .map(([field, [most, least]]) => `${(most / least).toFixed(2)}: ${field.outerHTML.slice(0, 200)}`);
}"""
"""Fields whose text has less than 4.5 : 1 of contrast (WCAG SC 1.4.3)."""


def faults(page: Page) -> list[str]:
    """Everything that one of them finds."""
    violations = Axe().run(page, options=AXE_RULES).response["violations"]
    axe = [f"axe: {found['id']}: {node['html'][:200]}" for found in violations for node in found["nodes"]]
    page.evaluate(f"{_source(IBM)};window.ace = ace")
    said = page.evaluate(RUN_IBM)
    ibm = [f"IBM: {rule}: {text}" for found, rule, text in said if found == "FAIL" or rule not in TO_JUDGE]
    page.evaluate(f"{_source(HTML_CODE_SNIFFER)};window.HTMLCS = HTMLCS")
    pa11y = [f"pa11y: {text}" for text in page.evaluate(RUN_HTML_CODE_SNIFFER)]
    return [*axe, *ibm, *pa11y, *(f"text of a field: {found}" for found in page.evaluate(UNREADABLE_FIELDS))]


@cache
def _source(name: str) -> str:
    file = MODULES / name
    assert file.is_file(), f"{name} is missing: make test installs it (scripts/install_checkers.py)"
    return file.read_text("utf-8")
