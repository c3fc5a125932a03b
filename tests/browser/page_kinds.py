"""Every kind of page of the demo, in every state that a reader or the staff can bring it to; examples of the rest."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect


def _look_again(page: Page) -> None:
    """Scrolls down, so that what starts when it is seen has started."""
    page.keyboard.press("End")
    page.wait_for_load_state("networkidle")


def _open_menu(page: Page) -> None:
    page.locator(".kb-menu__summary").click()


def _open_results(page: Page) -> None:
    page.get_by_role("combobox").fill("parcel late")
    expect(page.get_by_role("option").locator("mark").first).to_be_visible()


def _say_no(page: Page) -> None:
    page.locator(".kb-feedback button[value=no]").click()
    expect(page.locator(".kb-feedback legend")).to_be_visible()


def _copy(page: Page) -> None:
    page.locator("[data-copy]").click()
    page.wait_for_load_state("networkidle")


def _filter(page: Page) -> None:
    page.locator(".kb-results__filter").select_option(index=1)


def _print(page: Page) -> None:
    page.evaluate("dispatchEvent(new Event('beforeprint'))")


def _find_answers(page: Page) -> None:
    page.locator("#kb--find").fill("parcel late")
    expect(page.locator("[data-found] button").first).to_be_visible()


def _write_draft(page: Page) -> None:
    _find_answers(page)
    page.locator("[data-found] button").first.click()
    page.locator("[data-text]").fill("Dear customer,\n\nyour parcel is late.")
    page.locator("[role=tab]").nth(1).click()


@dataclass(frozen=True, slots=True)
class Kind:
    """An address, and what is done there before it is checked."""

    path: str
    act: Callable[[Page], None] = _look_again

    def __str__(self) -> str:
        done = "" if self.is_untouched else f" ({self.act.__name__.strip('_')})"
        return f"/{self.path}{done}"

    @property
    def is_untouched(self) -> bool:
        return self.act is _look_again

    def open(self, page: Page, url: str) -> None:
        page.goto(url + self.path, wait_until="networkidle")
        self.act(page)


def _every_language(folder: str) -> tuple[Kind, ...]:
    paths = ("", "faq/delivery/", "faq/delivery/late-parcel/", "policies/delivery/", "contact/", "all/", "trending/",
             "s/business/", "announcements/", "announcements/2026-11-18-courier-strike/", "404.html")  # fmt: skip
    return tuple(Kind(folder + path) for path in paths)


PUBLIC = (
    *_every_language(""),
    Kind("contact/", _open_menu),
    Kind("", _open_results),
    Kind("faq/delivery/late-parcel/", _copy),
    Kind("faq/delivery/late-parcel/", _print),
    Kind("policies/cancellation/"),
    Kind("s/islands/"),
    Kind("search/"),
    Kind("search/?q=parcel+late"),
    Kind("search/?q=order", _filter),
    Kind("search/?q=zzzz"),
    Kind("search/?q=%2B44+20+7946+0123"),
    Kind("a/late-parcel/"),
    Kind("nothing/"),
)
GERMAN = (
    *_every_language("de/"),
    Kind("de/faq/account/create-an-account/"),
    Kind("de/search/?q=Paket"),
    Kind("de/search/?q=zzzz"),
)
ARABIC = (
    *_every_language("ar/"),
    Kind("ar/faq/account/create-an-account/"),
    Kind("ar/search/?q=كلمة+السر"),
    Kind("ar/search/?q=zzzz"),
)
STAFF = (
    Kind(""),
    Kind("", _find_answers),
    Kind("", _write_draft),
    Kind("?reply=late-parcel"),
    Kind("staff/trends/"),
    Kind("staff/gaps/"),
    Kind("faq/delivery/late-parcel/"),
)
EXAMPLES = (
    Kind("faq/orders/cancel-order/", _say_no),
    Kind("faq/delivery/everything/"),
    Kind("a/fax-orders/"),
    Kind("staff/trends/"),
    Kind("staff/gaps/"),
)
"""What the demo lacks: feedback to an endpoint, a very long answer, a withdrawn answer, gaps."""
STATES_IN_LANGUAGES = (
    *(Kind(f"{folder}/", _open_menu) for folder in ("de", "ar")),
    *(Kind(f"{folder}/faq/delivery/track-order/", _print) for folder in ("de", "ar")),
    *(Kind(f"{folder}/{path}") for folder in ("de", "ar") for path in ("a/track-order/", "nothing/")),
)
STAFF_IN_LANGUAGES = tuple(
    Kind(f"{folder}/{path}") for folder in ("de", "ar") for path in ("", "staff/trends/", "staff/gaps/")
)
"""The staff site in German and Arabic."""
KINDS = {
    "public": PUBLIC, "german": GERMAN, "arabic": ARABIC, "languages": STATES_IN_LANGUAGES, "staff": STAFF,
    "languages-staff": STAFF_IN_LANGUAGES, "examples": EXAMPLES,
}  # fmt: skip


def untouched(name: str) -> list[str]:
    """The addresses of the kinds without an action, except for the one that redirects at once."""
    return [kind.path for kind in KINDS[name] if kind.is_untouched and not kind.path.startswith("a/late")]
