"""Theme: the files, colours and interface texts of a site's pages, from its settings."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import search_index
from kb_builder.config import THEME, Settings
from kb_builder.content.interface_language import Language
from kb_builder.content.interface_words import ENGLISH, Text, files_of, read_words
from kb_builder.content.languages import is_known
from kb_builder.errors import GUIDES, Finding, InputError, Severity, refuse_errors
from kb_builder.parsing.sources import findings_of
from kb_builder.rendering import theme_assets
from kb_builder.rendering.brand import DEFAULT, Brand, Scheme, Tokens, brand_of, check_contrast, colour, tokens_in
from kb_builder.support import channel_query
from search_index.stemming import stop_words


class Theme:
    """Each part raises :class:`InputError` if the settings or a file of ``custom_dir`` can't be used."""

    def __init__(self, settings: Settings, source: "Theme | None" = None) -> None:
        """``source`` is the theme of the sources, for a language that is in a folder of its own."""
        self._settings = settings
        self._source = source

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The theme's own files, by relative path."""
        paths = (path for path in sorted(THEME.rglob("*")) if path.is_file() and not path.name.startswith("."))
        return {path.relative_to(THEME).as_posix(): path.read_bytes() for path in paths}

    @cached_property
    def brand(self) -> Brand:
        """The brand's colours on light and dark pages."""
        named = self._settings.brand
        return brand_of(colour(named, self._settings.place("brand")) if named else DEFAULT, self._tokens)

    @cached_property
    def _tokens(self) -> Mapping[Scheme, Tokens]:
        return tokens_in(self.files[theme_assets.TOKENS].decode())

    @cached_property
    def colours(self) -> Mapping[Scheme, Tokens]:
        """Every colour of the pages: the theme's, overridden by the brand's."""
        own, brand = self._tokens, self.brand
        return {"light": {**own["light"], **brand.light}, "dark": {**own["dark"], **brand.dark}}

    @cached_property
    def assets(self) -> theme_assets.Assets:
        """Styles, scripts and icons, with the search reader's modules and the brand's colours."""
        code, source = self._settings.language, self._source and self._source._settings
        language = theme_assets.ScriptLanguage(
            self.language.words,
            stop_words(code, eliding=False),
            channel_query.words_for(code),
            (source.language, source.direction) if source else None,
        )
        own = theme_assets.collect(self.files, search_index.browser_scripts(), self.brand, language)
        return own.below(self._source.assets) if self._source else own

    def shortcut_icon(self, own: bytes | None) -> Mapping[str, bytes]:
        """``/favicon.ico``, which feed readers and browsers ask for without a page that names it.

        ``own`` is the site's configured icon; there is no file where an ICO can't be made of it.
        """
        icon = theme_assets.shortcut_icon(own or self.assets.files[self.assets.path("touch-icon.png")])
        return {"favicon.ico": icon} if icon else {}

    @cached_property
    def language(self) -> Language:
        """The interface texts in the language of the pages: the theme's, overridden by those of ``custom_dir``."""
        words, findings = self._words
        refuse_errors(findings)
        return Language(self._settings.language, {**self._english, **words})

    @cached_property
    def _words(self) -> tuple[Mapping[str, Text], tuple[Finding, ...]]:
        """The translated texts, and what is wrong with their files."""
        code = self._settings.language
        words: dict[str, Text] = {}
        findings: list[Finding] = []
        for folder in reversed(self._template_folders):
            for path in (folder / name for name in files_of(code)):
                if path.is_file():
                    found, problems = read_words(path.read_bytes(), self._shown(path), self._english, code)
                    words |= found
                    findings += problems
        return words, tuple(findings)

    def _shown(self, path: Path) -> str:
        """``path`` as findings name it."""
        root = self._settings.root
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)

    @cached_property
    def _english(self) -> Mapping[str, Text]:
        known: Mapping[str, Text] = json.loads(self.files[ENGLISH])
        return known

    @property
    def _template_folders(self) -> Sequence[Path]:
        """Folders of page templates, in the order in which they are searched."""
        folders = self._settings.template_folders
        return [Path(folder) for folder in folders[: folders.index(str(THEME)) + 1]]

    @cached_property
    def fingerprint(self) -> str:
        """A hash of every template, every interface text, and whatever else templates of the team may include."""
        digest = hashlib.sha256()
        for folder in self._template_folders:
            own = folder.rglob("*") if folder != THEME else (*folder.rglob("*.html"), *folder.glob("words/*.json"))
            for path in sorted(path for path in own if path.is_file()):
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    @property
    def findings(self) -> Iterator[Finding]:
        """Colours that are hard to read, and interface texts without a translation."""
        file, lines = self._settings.config_file, self._settings.lines
        language_line = lines["languages" if self._source else "language"]
        try:
            darkened = self.brand.darkened
        except InputError as error:
            yield from findings_of(error, "bad-brand")
            return
        if darkened:
            message = f"the brand colour {self.brand.given} is too light for links on white paper"
            hint = "pages use a darker shade of it, which passes WCAG AA"
            yield Finding(file, lines["brand"], "brand-darkened", Severity.NOTE, message, hint)
        for low in check_contrast(self.colours):
            hint = "WCAG 2.2 asks for it (1.4.3, 1.4.11): change the theme's tokens.css"
            yield Finding(file, lines["brand"], "low-contrast", Severity.WARNING, str(low), hint)
        code = self._settings.language
        if not is_known(code):
            message = f'no language is known by the code "{code}": its dates, numbers and plurals are English'
            hint = "codes are those of ISO 639, as in [en, de, pt-BR]"
            yield Finding(file, language_line, "unknown-language", Severity.WARNING, message, hint)
        words, problems = self._words
        yield from problems
        missing = self._english.keys() - words.keys() if code.split("-")[0] != "en" else ()
        if missing:
            message = (
                f'{len(missing)} of {len(self._english)} words of the pages are English and are read aloud as "{code}"'
            )
            hint = f"add them to {files_of(code)[-1]} below theme.custom_dir; {GUIDES}/look.md shows how"
            yield Finding(file, language_line, "untranslated", Severity.WARNING, message, hint)
