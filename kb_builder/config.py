"""The options of ``plugins: [kb: …]`` and the settings that MkDocs supplies."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from kb_builder.errors import Finding, InputError, Severity, clip, did_you_mean

# In a checkout the theme is beside the package, in a wheel inside it.
_HERE: Final = Path(__file__).parent
THEME: Final = next(folder for folder in (_HERE / "_theme", _HERE.parent / "theme") if folder.is_dir())
NO_PAGES: Final = THEME / "pages"
"""An empty folder, given to MkDocs as ``docs_dir``."""

_SCRIPTS: Final = frozenset(("javascript", "vbscript", "data", "blob", "file", "filesystem", "view-source"))
_EXPECTED: Final = {
    "tuple_type": "must be a list, in square brackets or one item a line after a dash",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "greater_than_equal": "must be between 0 and 1",
    "less_than_equal": "must be between 0 and 1",
    "model_type": "must hold keys and values",
    "dict_type": "must be text, or a text for each language",
}
_RTL: Final = frozenset(("ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"))
_OWN_FOLDERS: Final = frozenset(("all", "api"))
"""Folders of the site that could be the codes of languages."""
Share = Annotated[float, Field(ge=0, le=1)]


def _extension(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_+-]{0,15}", name):
        raise ValueError("must be an extension without its dot, in small letters, as in [ino, step]")
    return name


def _language_codes(codes: tuple[str, ...]) -> tuple[str, ...]:
    for code in codes:
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) or code.lower() in _OWN_FOLDERS:
            raise ValueError(f'must be codes of languages, as in [en, de, pt-BR], not "{clip(code)}"')
    if len({code.lower() for code in codes}) < len(codes):
        raise ValueError("must name each language once")
    return codes


Extension = Annotated[str, AfterValidator(_extension)]
LanguageCodes = Annotated[tuple[str, ...], AfterValidator(_language_codes)]


def _safe_scheme(name: str) -> str:
    scheme = name.removesuffix("://").removesuffix(":").lower()
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) or scheme in _SCRIPTS:
        raise ValueError(f'must be the name of a URL scheme that runs no script, not "{clip(name)}"')
    return scheme


Scheme = Annotated[str, AfterValidator(_safe_scheme)]


def _own_class(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][\w-]*", name) or name.startswith(("kb-", "md-")):
        raise ValueError(f'must be a class other than those of the theme, not "{clip(name)}"')
    return name


Class = Annotated[str, AfterValidator(_own_class)]

_PORT: Final = r":(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
_URL: Final = re.compile(
    rf"(?P<scheme>https?)://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?:{_PORT})?"
    r"(?P<path>/[A-Za-z0-9._~%!$&()*+,=:@/-]*)?(?P<query>\?[A-Za-z0-9._~%!$&()*+,=:@/?-]*)?"
)
"""RFC 3986 without what has a meaning in headers and in nginx: quotes, semicolons, braces, spaces."""
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


def problem_of_site_url(url: str) -> str:
    """The error in ``site_url``, worded to follow its name; empty if there is none."""
    found = _URL.fullmatch(url)
    if not found:
        return "is not an http(s) address of ASCII letters, digits and -._~%/ (write others percent-encoded)"
    if found["query"] is not None:
        return "may not have a query"
    if re.search(r"/(?:/|\.{1,2}(?:/|\Z))|%(?![0-9A-Fa-f]{2})|%(?:[01].|7[Ff]|2[EeFf]|5[Cc])", found["path"] or ""):
        return "may not have empty folders, dots for folders or encoded signs like %2F and %0A in its path"
    in_nginx = re.search(r"[!$&()*,=:]", found["path"] or "")  # The path is part of its configuration.
    return "may have only letters, digits and -._~%+@/ in its path" if in_nginx else ""


def _endpoint(url: str) -> str:
    path = f"https://host{url}" if url.startswith("/") and not url.startswith("//") else url
    if url and not _URL.fullmatch(path):
        raise PydanticCustomError("url", "must be an address like https://forms.example.com/kb or /feedback")
    return url


def _short_url(url: str) -> str:
    if url and not _URL.fullmatch(url if "://" in url else f"https://{url}"):
        raise PydanticCustomError("url", "must be an address like https://kb.example/")
    return url


def _mail(address: str) -> str:
    if address and not _MAIL.fullmatch(address):
        raise PydanticCustomError("mail", "must be an e-mail address like help@example.com")
    return address


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FeedbackOptions(_Strict):
    """Where “did this help?” goes; nothing is shown when both are empty."""

    endpoint: Annotated[str, AfterValidator(_endpoint)] = ""
    """Address of your own endpoint that takes the JSON of the staff guide."""
    email: Annotated[str, AfterValidator(_mail)] = ""
    """Address for a prefilled e-mail when there is no endpoint."""
    searches: bool = False
    """Post searches without a result to the endpoint too."""


class FloorOptions(_Strict):
    """`kb check` fails when content/search-queries.csv, or that of another language, scores less than this."""

    success_at_1: Share = 0.0
    success_at_3: Share = 0.0


class SearchOptions(_Strict):
    """How search learns, and how good it must be."""

    learn: bool = True
    """Learn from asked_as and resolved mentions when publishing."""
    floor: FloorOptions = FloorOptions()


def _by_language(value: object) -> object:
    """One text for all languages has an empty code."""
    return {"": value} if isinstance(value, str) else value


def _some_text(texts: dict[str, str]) -> dict[str, str]:
    if not texts or not all(texts.values()):
        raise ValueError("must be text, or a text for each language: {en: Shop, de: Laden}")
    return texts


def _web_addresses(urls: dict[str, str]) -> dict[str, str]:
    for url in urls.values():
        if not re.match(r"https?://|/|mailto:|tel:", url, re.IGNORECASE) or re.search(r"[\s<>\"]", url):
            raise ValueError('must be a web address such as "https://shop.example.com/"')
    return urls


Texts = Annotated[dict[str, str], BeforeValidator(_by_language), AfterValidator(_some_text)]


class SiteLink(_Strict):
    """A link in the header or the footer of every page, in one language or in several."""

    label: Texts
    url: Annotated[Texts, AfterValidator(_web_addresses)]

    def in_language(self, *codes: str) -> tuple[str, str]:
        """Label and address in the first of ``codes`` that they are given in."""

        def worded(texts: dict[str, str]) -> str:
            return next((texts[code] for code in (*codes, "") if code in texts), next(iter(texts.values())))

        return worded(self.label), worded(self.url)


class SocialOptions(_Strict):
    """Images that other sites show beside a link (Open Graph)."""

    articles: bool = False
    """Draw a preview image for every article, not only for the site."""


class Options(_Strict):
    """Every option below ``kb:`` in ``plugins``."""

    brand: str = ""
    """Brand colour, as #rrggbb; otherwise theme.palette.primary."""
    ignore_keys: tuple[str, ...] = ()
    """Front-matter keys of your own that kb leaves alone."""
    trust_html: bool = False
    """Let authors use any HTML, scripts included."""
    fast_markdown: bool = True
    """Leave out steps of Python-Markdown that a text can't need; the pages are the same either way."""
    link_schemes: tuple[Scheme, ...] = ()
    """URL schemes that links may have besides http, https, mailto, tel and sms: [whatsapp]."""
    languages: LanguageCodes = ()
    """Languages of the help centre, as in [en, de, ar]; the first is the articles' own."""
    fallback: Literal["show", "omit"] = "show"
    """Whether an article without a translation is shown in its own language, or left out."""
    classes: tuple[Class, ...] = ()
    """Classes of your own that articles may use besides those of Material: [price]."""
    attachments: tuple[Extension, ...] = ()
    """Extensions of further files that articles may offer for download, as in [step, ino]."""
    publish: Literal["symlink", "folder"] = "symlink"
    short_url: Annotated[str, AfterValidator(_short_url)] = ""
    """A short host of your own that sends /<id> on to a/<id>/."""
    feedback: FeedbackOptions = FeedbackOptions()
    search: SearchOptions = SearchOptions()
    promise_floor: Share = 0.8
    """`kb check` warns of response times in contact.yml kept for a smaller share of questions."""
    links: dict[str, SiteLink] = {}
    """Links by name: imprint, privacy and terms go into the footer, others into the header too."""
    social: SocialOptions = SocialOptions()


def parse_options(data: Mapping[str, Any], path: str, text: str = "") -> Options:
    """The options as MkDocs read them from the file ``path``; ``text`` is its content, for line numbers.

    Raises :class:`InputError` with a finding for every wrong one.
    """
    try:
        return Options.model_validate(dict(data))
    except ValidationError as error:
        raise InputError.of(_finding(problem["type"], problem["loc"], problem["msg"], path, text)
                            for problem in error.errors()) from None  # fmt: skip


def _finding(kind: str, location: tuple[int | str, ...], problem: str, path: str, text: str) -> Finding:
    names = [str(step) for step in location if isinstance(step, str)]
    key = re.compile(rf"""[\s{{,-]*["']?{re.escape(names[-1])}["']?\s*:|.*[{{,]\s*{re.escape(names[-1])}\s*:""")
    line = next((number for number, line in enumerate(text.splitlines(), start=1) if key.match(line)), 0)
    if kind == "extra_forbidden":
        known = _options_at(names[:-1])
        hint = did_you_mean(names[-1], known, f"known options: {', '.join(known)}")
        message = f'unknown option "{".".join(names)}" of the kb plugin'
        return Finding(path, line, "unknown-option", Severity.ERROR, message, hint)
    said = (problem[0].lower() + problem[1:]).removeprefix("value error, ").replace("input should be", "must be")
    expected = _EXPECTED.get(kind) or (said.replace("'", '"') if kind == "literal_error" else said)
    message = f'option "{".".join(names)}" of the kb plugin {expected}'
    return Finding(path, line, "bad-option", Severity.ERROR, message)


def _options_at(names: list[str]) -> list[str]:
    model: type[BaseModel] = Options
    for name in names:
        found = model.model_fields[name].annotation
        if isinstance(found, type) and issubclass(found, BaseModel):
            model = found
    return list(model.model_fields)


@dataclass(frozen=True)
class Extensions:
    """Python-Markdown's set-up, as MkDocs gives it. Picklable, so that worker processes can make their own."""

    names: tuple[str, ...]
    configs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    link_schemes: tuple[str, ...] = ()
    """URL schemes that links may have besides the usual ones."""
    classes: tuple[str, ...] = ()
    """Classes that articles may use besides those of Material's blocks."""
    root: str = "."
    """Folder of the configuration, in which included files are looked for."""
    fast: bool = True
    """Whether steps of Python-Markdown that a text can't need are left out."""


@dataclass(frozen=True)
class Settings:
    """A site's settings, whatever framework read them. Picklable."""

    root: Path
    """Folder of the configuration file; every content path counts from here."""
    config_file: str
    name: str
    url: str
    """Absolute, with a trailing slash."""
    language: str
    direction: Literal["ltr", "rtl"]
    logo: str
    """Path of the logo relative to ``root``, or empty."""
    favicon: str
    brand: str
    """The brand colour as it is written, or empty."""
    lines: Mapping[str, int]
    """Setting → its line in the configuration, 0 where that is not known; of those that findings are about."""
    template_folders: tuple[str, ...]
    """Searched in this order."""
    extensions: Extensions
    options: Options
    site_folder: Path
    """MkDocs' ``site_dir``, where ``kb build`` publishes by default."""
    fingerprint: str
    """Hash of everything in the configuration that can change a page."""
    findings: tuple[Finding, ...] = ()
    """Parts of the configuration that have no effect."""

    def place(self, setting: str) -> str:
        """``mkdocs.yml:7`` for one of :attr:`lines`."""
        line = self.lines[setting]
        return f"{self.config_file}:{line}" if line else self.config_file

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of all declared languages, that of the articles first; empty for a help centre in one language."""
        return self.options.languages

    @property
    def search_language(self) -> str:
        """``en`` for a site in ``en-GB``."""
        return self.language.split("-")[0]

    def in_language(self, code: str) -> "Settings":
        """The settings of the help centre in another language, which is published in a folder of its own."""
        return replace(
            self,
            language=code,
            direction=direction_of(code),
            url=f"{self.url}{code.lower()}/",
            fingerprint=hashlib.sha256(f"{self.fingerprint} {code}".encode()).hexdigest(),
        )


def direction_of(code: str) -> Literal["ltr", "rtl"]:
    """The direction of a language code (BCP 47), by its first subtag."""
    return "rtl" if code.split("-")[0].lower() in _RTL else "ltr"
