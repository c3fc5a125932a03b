"""Words of settings files that customers read: names of segments, labels of links, what is said of channels, replies.

A unit is a file and the keys under which a text is in it. Names of segments and labels of links are translated in
their own file, the others in a file beside it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kb_builder.content import contact
from kb_builder.errors import Finding, InputError, Severity, clip
from kb_builder.parsing import sources, strict_yaml, yaml_places
from kb_builder.parsing.yaml_places import Keys

_PLUGIN: Final = ("plugins", "kb", "links")
_TEMPLATE: Final = "template"


@dataclass(frozen=True, slots=True)
class Settings:
    """A settings file with such words. ``shared`` says that their translations are in the same file."""

    path: str
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The words of a settings file in the language ``own`` and in another one, by unit."""

    target: str
    """Path of the file with the translations."""
    own: str
    base: str
    """The text that translations are written into: of ``target``, or of the source if there is none."""
    text: str
    """Of ``target``; empty if there is none."""
    words: Mapping[str, str]
    there: Mapping[str, str]
    """Those that are translated."""
    places: Mapping[str, Keys] = field(default_factory=dict)
    """Where each translation is in ``base``; empty for a reply, which is a file."""
    whole: bool = False
    """Whether all have to be translated at once, since the file replaces that of the source."""

    @property
    def complete(self) -> bool:
        """Whether nothing is left to translate."""
        return bool(self.whole and self.text) or self.words.keys() <= self.there.keys()

    def with_words(self, given: Mapping[str, str]) -> str:
        """The text of ``target`` with ``given``. Raises InputError where the next build could not read it."""
        text = self.base
        for name, word in given.items():
            if not self.places:
                return word + text[len(text.rstrip("\n")) :]
            if word == self.there.get(name):
                continue
            is_line = word.strip() and len(word.splitlines()) == 1
            edited = yaml_places.with_text(text, self.places[name], word, self.own) if is_line else None
            if edited is None:
                where = ".".join(map(str, self.places[name]))
                problem = f'"{where}" can\'t be written automatically: “{clip(word)}”'
                hint = "write it into the file by hand, on one line"
                raise InputError.of([Finding(self.target, 0, "bad-xliff", Severity.ERROR, problem, hint)])
            text = edited
        if self.whole:
            contact.parse_contact(text, self.target)
        elif "plugins" not in next(iter(self.places.values())):
            strict_yaml.load(text, self.target)
        return text


def names_of(root: Path, settings: Settings, language: str, own: str) -> Names:
    """The words of one settings file. Raises InputError when it can't be read."""
    text = sources.read(root, settings.path)
    if settings.shared:
        return _in_one_file(settings.path, text, language, own)
    stem, _, ending = settings.path.rpartition(".")
    target = f"{stem}.{language}.{ending}"
    theirs = sources.read_optional(root, target)
    if ending == "txt":
        found = {_TEMPLATE: theirs.rstrip("\n")} if theirs else {}
        return Names(target, own, theirs or text, theirs, {_TEMPLATE: text.rstrip("\n")}, found)
    words, other = dict(_channels(text)), dict(_channels(theirs or text))
    return Names(
        target, own, theirs or text, theirs,
        {name: word for name, (word, _) in words.items() if name in other},
        {name: word for name, (word, _) in other.items() if name in words} if theirs else {},
        {name: keys for name, (_, keys) in other.items()},
        whole=True,
    )  # fmt: skip


def _in_one_file(path: str, text: str, language: str, own: str) -> Names:
    """Names of segments, and labels of links."""
    values = yaml_places.values(text)
    links = _under(values, _PLUGIN)
    if links:
        labels = {f"links.{name}": _under(link, ("label",)) for name, link in links.items()}
        worded = {unit: label if isinstance(label, dict) else {own: label} for unit, label in labels.items() if label}
        words = {unit: label[own] for unit, label in worded.items() if own in label}
        there = {unit: worded[unit][language] for unit in words if language in worded[unit]}
        places = {unit: (*_PLUGIN, unit.partition(".")[2], "label", language) for unit in words}
        return Names(path, own, text, text, words, there, places)
    segments, titles = _under(values, ("segments",)), _under(values, ("titles", language))
    return Names(
        path, own, text, text,
        {f"segments.{slug}": name for slug, name in segments.items()},
        {f"segments.{slug}": titles[slug] for slug in segments if slug in titles},
        {f"segments.{slug}": ("titles", language, slug) for slug in segments},
    )  # fmt: skip


def _channels(text: str) -> Iterator[tuple[str, tuple[str, Keys]]]:
    """The texts of each channel: name of the unit, words, and the keys at which they are."""
    values = yaml_places.values(text)
    seen: dict[str, int] = {}
    for position, channel in enumerate(_under(values, ("channels",)) or ()):
        kind = channel["channel"]
        seen[kind] = seen.get(kind, 0) + 1
        unit = kind if seen[kind] == 1 else f"{kind}-{seen[kind]}"
        for key in ("label", "cost"):
            if word := channel.get(key):
                yield f"channels.{unit}.{key}", (word, ("channels", position, key))
    if word := _under(values, ("phone", "none")):
        yield "phone.none", (word, ("phone", "none"))


def _under(values: Any, keys: Keys) -> Any:
    """The value under ``keys``; an empty dictionary where there is none."""
    for key in keys:
        if isinstance(values, list):
            values = next((item for item in values if isinstance(item, dict) and key in item), {})
        values = values.get(key, {}) if isinstance(values, dict) else {}
    return values
