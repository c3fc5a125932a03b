"""The configuration of a site, as MkDocs reads it: settings, theme folders, Markdown extensions.

With :mod:`kb_builder.commands.mkdocs_plugin` the only module that imports ``mkdocs``.
"""

import hashlib
import io
import json
import logging
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError, PluginError

from kb_builder.config import NO_PAGES, THEME, Extensions, Options, Settings, direction_of, problem_of_site_url
from kb_builder.errors import Finding, InputError, Severity, clip, did_you_mean
from kb_builder.markdown.included import SNIPPETS
from kb_builder.parsing.strict_yaml import cut_values
from kb_builder.parsing.yaml_errors import first_mistake
from kb_builder.parsing.yaml_tags import inherited, refused_tag, repeated_keys

_MINIMAL: Final = "the minimal configuration: site_name, site_url, theme: {name: material}, plugins: [kb]"
_HINTS: Final = {
    "Required configuration": _MINIMAL,
    "key-value mapping": _MINIMAL,
    "URL isn't valid": "write it like https://help.example.com/",
}
"""Part of a message of MkDocs → what to do."""
_NO_PLUGIN: Final = re.compile(r'The "([^"]+)" plugin is not installed')
_TRACEBACK: Final = re.compile(r"Traceback \(most recent call last\):.*\n(?=\w)", re.S)
_NO_EFFECT: Final = {
    "nav": "the menu follows the folders of content/articles; order: in a header or in _category.yml sorts it",
    "extra_css": "write them in components/own/own.css below the folder that theme: {custom_dir: …} names",
    "extra_javascript": "pages run scripts of the theme only",
    "copyright": "name the page that says it under links: of the kb plugin, as imprint or terms",
}
"""Settings of MkDocs that a help centre has something else for."""
_INHERITED: Final = 5
"""Configurations that may inherit from one another."""


@dataclass(frozen=True, slots=True)
class Icons:
    """For ``pymdownx.emoji``: Material's index, which lists thousands of files, made when a text names an icon."""

    options: dict[str, Any]
    md: Any

    def __getitem__(self, part: str) -> Any:
        from material.extensions.emoji import twemoji

        return twemoji(self.options, self.md)[part]


def icon_or_character(
    index: str, shortname: str, alias: str, uc: str | None, alt: str, title: str, category: str,
    options: dict[str, str], md: Any,
) -> Any:  # fmt: skip
    """For ``pymdownx.emoji``: Material's icons as inline SVG, emoji as characters. Material's own generator links to
    images of emoji on another origin."""
    from material.extensions.emoji import to_svg

    return alt if uc else to_svg(index, shortname, alias, uc, alt, title, category, options, md)


# The extensions that Material documents. `use_align_attribute`, since a strict Content-Security-Policy forbids the
# `style` attributes that Python-Markdown's tables write otherwise.
_EXTENSIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "md_in_html": {},
    "sane_lists": {},
    "tables": {"use_align_attribute": True},
    "pymdownx.details": {},
    "pymdownx.emoji": {"emoji_index": Icons, "emoji_generator": icon_or_character},
    "pymdownx.highlight": {"use_pygments": False},
    "pymdownx.quotes": {"callouts": True},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {},
    "pymdownx.tilde": {"subscript": False},
}

_UNSAFE: Final = {"pymdownx.b64": "it puts files from anywhere into pages; a link to a picture publishes it"}
"""Extensions that are left out, and why."""
_UNSAFE_SNIPPETS: Final = {"url_download": True, "restrict_base_path": False}
"""Settings that snippets may not have: they would read other sites, and files outside the project."""


class OptionsError(PluginError):
    """Carries findings about the options through MkDocs to :func:`load`."""

    def __init__(self, error: InputError) -> None:
        super().__init__(str(error))
        self.findings = error.findings


def load(config_file: str = "mkdocs.yml") -> Settings:
    """The settings of the site that ``config_file`` describes.

    Raises :class:`InputError` with the file, the line where it is known, and a hint.
    """
    path = Path(config_file)
    if not path.is_file():
        hint = "go to the folder of your help centre, name the file with -f, or start one with: kb new shop-help"
        raise InputError("there is no such configuration file", where=config_file, hint=hint)
    text = _harmless_yaml(path, config_file)
    with _mkdocs_errors(config_file) as warnings:
        # MkDocs requires a docs_dir; our pages are generated in memory. Hooks are code of the project, which only
        # `mkdocs build` runs.
        config = load_config(_NamedText(text, path), docs_dir=str(NO_PAGES), hooks=[])
    plugin = config.plugins.get("kb")
    options = getattr(plugin, "options", None)
    if not isinstance(options, Options):
        raise InputError("the kb plugin is not switched on", where=config_file, hint="add to it:  plugins: [kb]")
    settings = settings_of(config, options, config_file)
    found = [*_unknown_settings(warnings, config, config_file), *_without_effect(text, config_file)]
    found += (*_unsafe_extensions(config, config_file), *cut_values(text, config_file))
    return replace(settings, findings=tuple(found))


class _NamedText(io.BytesIO):
    """The text that was checked, as the file that MkDocs takes it for."""

    def __init__(self, text: str, path: Path) -> None:
        super().__init__(text.encode())
        self.name = str(path.absolute())


def _harmless_yaml(path: Path, config_file: str, depth: int = 0) -> str:
    """The text of a configuration that neither runs nor reads anything when it is loaded.

    Raises :class:`InputError` for other tags, in files that it inherits from too.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("the file is not UTF-8", where=config_file, hint="save it as UTF-8") from None
    mistake = first_mistake(text)
    if mistake is not None:
        raise InputError(mistake.message, where=f"{config_file}:{mistake.line + 1}", hint=mistake.hint)
    try:
        tag = refused_tag(text)
        parent = "" if tag else inherited(text)
    except ValueError as error:
        raise InputError(f"the configuration can't be read: {error}", where=config_file) from None
    if tag is not None:
        line, shown = tag
        never = "kb runs no code and reads no environment variables when it loads a configuration"
        hint = f"{never}; write the value itself"
        raise InputError(f"the tag {shown} is not allowed", where=f"{config_file}:{line + 1}", hint=hint)
    if parent:
        base = Path(posixpath.normpath(path.parent / parent))  # as MkDocs finds it, links to folders or not
        if depth == _INHERITED:
            raise InputError("INHERIT is a loop, or too long a chain", where=config_file)
        if not base.is_file():
            raise InputError(f"INHERIT: there is no file {parent}", where=config_file)
        if inherited(_harmless_yaml(base, str(base), depth + 1)) is None:
            raise InputError(f"INHERIT: {parent} does not consist of keys and values", where=config_file)
    return text


def settings_of(config: MkDocsConfig, options: Options, config_file: str) -> Settings:
    """The part of MkDocs' configuration that the rest of the program uses.

    Raises InputError for a setting that can't be used.
    """
    if not config.site_url:
        hint = "short links in replies must work anywhere:  site_url: https://help.example.com/"
        raise InputError("site_url is missing", where=config_file, hint=hint)
    if problem := problem_of_site_url(config.site_url):
        hint = "write it like https://help.example.com/"
        raise InputError(f"site_url {problem}", where=_place_of("site_url", config_file), hint=hint)
    theme = config.theme
    language, direction = str(theme.get("language") or "en"), theme.get("direction")
    _check_languages(language, options.languages, config_file)
    palette = theme.get("palette") or {}
    first = palette[0] if isinstance(palette, list) and palette else palette
    primary = str(first.get("primary", "")) if isinstance(first, Mapping) else ""
    favicon = str(theme.get("favicon") or "")
    settings = Settings(
        root=Path(config_file).parent,
        config_file=config_file,
        name=config.site_name,
        url=config.site_url.rstrip("/") + "/",
        language=language,
        direction=direction if direction in ("ltr", "rtl") else direction_of(language),
        logo=str(theme.get("logo") or ""),
        # Material's default, which the team did not choose.
        favicon="" if favicon == "assets/images/favicon.png" else favicon,
        brand=options.brand or primary,
        lines={
            "brand": line_of("brand" if options.brand else "primary", config_file, options.brand or primary),
            "logo": line_of("logo", config_file, str(theme.get("logo") or "")),
            "favicon": line_of("favicon", config_file, favicon),
            "language": line_of("language", config_file, language),
            "languages": line_of("languages", config_file),
        },
        template_folders=tuple(dict.fromkeys((*filter(None, (theme.custom_dir,)), str(THEME), *theme.dirs))),
        extensions=_extensions(config, options, Path(config_file).parent),
        options=options,
        site_folder=Path(config.site_dir),
        fingerprint="",
    )
    return replace(settings, fingerprint=_fingerprint(settings))


def _check_languages(own: str, declared: tuple[str, ...], config_file: str) -> None:
    """Raises InputError when the first of the ``declared`` languages is not that of the theme."""
    if declared and declared[0].split("-")[0].lower() != own.split("-")[0].lower():
        problem = f'the first of the languages is "{declared[0]}", and theme.language says "{own}"'
        hint = f"the first one is the language of the articles: set theme: {{language: {declared[0]}}}, or put it first"
        raise InputError(problem, where=_place_of("languages", config_file), hint=hint)


def _fingerprint(settings: Settings) -> str:
    """A hash of every setting that can change a page; the location of project and site can not."""
    named = ("name", "url", "language", "direction", "logo", "favicon", "brand")
    values = [
        {name: getattr(settings, name) for name in named},
        settings.extensions.names,
        settings.extensions.configs,
        settings.options.model_dump(),
    ]
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=_name_of).encode()).hexdigest()


def _extensions(config: MkDocsConfig, options: Options, root: Path) -> Extensions:
    """The configured Markdown extensions, then our defaults for those that are not configured."""
    names = tuple(dict.fromkeys(name for name in (*config.markdown_extensions, *_EXTENSIONS) if name not in _UNSAFE))
    configs = {name: {**_EXTENSIONS.get(name, {}), **config.mdx_configs.get(name, {})} for name in names}
    if "toc" in configs:
        # Every heading has a link of ours already, which screen readers can name.
        configs["toc"] |= {"permalink": False}
    given = {name: config for name, config in configs.items() if config}
    return Extensions(names, given, options.link_schemes, options.classes, str(root), options.fast_markdown)


def _name_of(value: object) -> str:
    """The qualified name of a function: its ``repr`` contains a memory address, which differs in every run."""
    return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__qualname__)}"


@contextmanager
def _mkdocs_errors(config_file: str) -> Iterator[list[str]]:
    """Turns errors that MkDocs logs or raises into one :class:`InputError` with the line of the setting.

    Yields the list of its warnings, which is complete when the block ends.
    """
    errors: list[str] = []
    warnings: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            (errors if record.levelno >= logging.ERROR else warnings).append(record.getMessage())

    # Material's advice about MkDocs 2 is for people who run MkDocs themselves.
    logger, collector = logging.getLogger("mkdocs"), Collector()
    logger.addHandler(collector)
    propagate, logger.propagate = logger.propagate, False
    try:
        yield warnings
    except OptionsError as error:
        raise InputError.of(replace(finding, path=config_file) for finding in error.findings) from None
    except (Abort, ConfigurationError) as error:
        message = "; ".join(errors) or str(error)
        raise _configuration_error(message, config_file) from None
    except ValueError as error:  # of an address that Python can't split
        hint = "check site_url, repo_url and the other addresses"
        raise InputError(f"a value can't be read: {str(error).lower()}", where=config_file, hint=hint) from None
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagate


def _configuration_error(message: str, config_file: str) -> InputError:
    named = re.search(r"Config value '([\w.]+)'", message)
    key = named[1].split(".")[0] if named else ""
    hint = next((hint for part, hint in _HINTS.items() if part in message), "")
    if plugin := _NO_PLUGIN.search(message):
        hint = did_you_mean(plugin[1], ["kb"], "install it with pip, or take it out")
        key = plugin[1] if line_of(plugin[1], config_file) else key
    message = _TRACEBACK.sub("", message)
    text = " ".join(re.sub(r"^Config value '([\w.]+)':", r"\1:", message).split())
    return InputError(text, where=_place_of(key, config_file) if key else config_file, hint=hint)


def _place_of(key: str, config_file: str) -> str:
    """The file and, where it is known, the line of a key, for a message."""
    line = line_of(key, config_file)
    return f"{config_file}:{line}" if line else config_file


def line_of(key: str, path: str | Path, value: str = "") -> int:
    """The line of a key in the file ``path``, best where it begins its line; 0 for none. ``value`` is a text in that
    line: other groups may have the same key."""
    lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    for before in (r"^\s*", r"[\s{,]"):
        pattern = re.compile(rf"{before}{re.escape(key)}\s*:.*{re.escape(value)}")
        if found := next((number for number, text in enumerate(lines, start=1) if pattern.search(text)), 0):
            return found
    return 0


def _without_effect(text: str, config_file: str) -> Iterator[Finding]:
    """Findings of settings without an effect: settings of other themes, and the first of two equal keys."""
    for key, hint in _NO_EFFECT.items():
        if re.search(rf"^{key}\s*:", text, re.M):
            message, line = f"{key} has no effect on a help centre", line_of(key, config_file)
            yield Finding(config_file, line, "setting-without-effect", Severity.WARNING, message, hint)
    for line, name, first in repeated_keys(text):
        message = f'"{clip(name)}" is given twice, and the first one, on line {first + 1}, has no effect'
        yield Finding(config_file, line + 1, "setting-without-effect", Severity.WARNING, message, "keep one of them")


def _unsafe_extensions(config: MkDocsConfig, config_file: str) -> Iterator[Finding]:
    """Extensions, and settings of theirs, that are not used: an article could read what is not of the project."""
    for name in (name for name in _UNSAFE if name in config.markdown_extensions):
        message, line = f"{name} is not used: {_UNSAFE[name]}", line_of(f"- {name}", config_file)
        yield Finding(config_file, line, "unsafe-setting", Severity.WARNING, message, "remove it")
    given = config.mdx_configs.get(SNIPPETS, {})
    for key in (key for key, refused in _UNSAFE_SNIPPETS.items() if given.get(key) is refused):
        message = f"{key} of {SNIPPETS} has no effect: snippets are files of this project"
        yield Finding(config_file, line_of(key, config_file), "unsafe-setting", Severity.WARNING, message, "remove it")


def _unknown_settings(warnings: Iterable[str], config: MkDocsConfig, config_file: str) -> list[Finding]:
    """Settings that MkDocs ignores because it has none of that name, in the order of the file; MkDocs has none."""
    found = []
    for warning in warnings:
        if named := re.search(r"Config value '([\w.-]+)': Unrecognised configuration name", warning):
            name = named[1]
            known = [key for key in config if isinstance(key, str) and key != name]
            hint = did_you_mean(name, known, "MkDocs ignores it")
            message, line = f'unknown setting "{name}"', line_of(name, config_file)
            found.append(Finding(config_file, line, "unknown-setting", Severity.WARNING, message, hint))
    return sorted(found, key=lambda finding: finding.line)
