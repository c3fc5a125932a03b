"""Icons of Material for MkDocs' bundled sets, inlined into pages so that nothing is loaded for them."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from markupsafe import Markup

from kb_builder.errors import InputError

_SVG: Final = re.compile(r"<svg[^>]*\bviewBox=\"([^\"]+)\"[^>]*>(.*)</svg>", re.DOTALL)
_NAME: Final = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)+")

INTERFACE: Final[Mapping[str, str]] = {
    "search": "material/magnify",
    "menu": "material/menu",
    "close": "material/close",
    "copy": "material/content-copy",
    "more": "material/chevron-down",
    "next": "material/chevron-right",
    "back": "material/arrow-left",
    "pin": "material/clock-alert-outline",
    "phone": "material/phone-outline",
    "chat": "material/chat-processing-outline",
    "sms": "material/message-text-outline",
    "email": "material/email-outline",
    "twitter": "simple/x",
    "facebook": "material/facebook",
    "whatsapp": "material/whatsapp",
    "form": "material/clipboard-text-outline",
    "post": "material/mailbox-outline",
    "in_person": "material/store-marker-outline",
    "info": "material/information-outline",
    "notice": "material/bell-outline",
    "warning": "material/alert-outline",
    "critical": "material/alert-octagon-outline",
}
"""Names that templates use: parts of the interface, kinds of channels, severities of announcements."""


def check(name: str) -> str:
    """The full name of an icon: ``truck`` → ``material/truck``. Raises InputError, with a suggestion, if unknown."""
    full = name.strip().removesuffix(".svg").strip(":").lower()
    full = full if "/" in full else f"material/{full}"
    if _NAME.fullmatch(full) and (_folder() / f"{full}.svg").is_file():
        return full
    near = get_close_matches(full, _names(full.partition("/")[0]), n=1)
    hint = f'did you mean "{near[0].removeprefix("material/")}"?' if near else ""
    raise InputError(f'there is no icon "{name}"', hint=hint or "names are those of Material for MkDocs' icon search")


@cache
def svg(name: str) -> Markup:
    """An icon as an inline SVG in the colour of the text; ``name`` is one of :data:`INTERFACE` or a full name."""
    source = (_folder() / f"{INTERFACE.get(name) or check(name)}.svg").read_text("utf-8")
    match = _SVG.search(source)
    assert match, name
    return Markup(f'<svg class="kb-icon" viewBox="{match[1]}" width="20" aria-hidden="true">{match[2].strip()}</svg>')


@cache
def _folder() -> Path:
    spec = find_spec("material")
    locations = spec.submodule_search_locations if spec else None
    assert locations, "mkdocs-material is a dependency"
    return Path(next(iter(locations))) / "templates/.icons"


@cache
def _names(group: str) -> tuple[str, ...]:
    """All full names of one set."""
    root = _folder()
    found = (root / group).rglob("*.svg") if (root / group).is_dir() else root.rglob("*.svg")
    return tuple(sorted(path.relative_to(root).with_suffix("").as_posix() for path in found))
