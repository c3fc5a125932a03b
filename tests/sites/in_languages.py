"""A small help centre in three languages, and how tests build and read it."""

import gzip
import zlib
from contextlib import suppress
from pathlib import Path

from kb_builder.commands.build import Built, build
from kb_builder.publishing.publication import Publication
from kb_builder.system.store import Store
from tests.centres import MKDOCS, SMALL, header, open_site


def configured(languages: str, more: str = "") -> str:
    """An mkdocs.yml with these languages; ``more`` are further lines of our options."""
    return MKDOCS.replace("  - kb\n", f"  - kb:\n      languages: [{languages}]\n{more}")


ALL = configured("en, de, ar")


def built(root: Path, **options: object) -> Built:
    site = open_site(root, store=Store(root / ".kb"), target=root / "site", **options)
    with Publication.of(site.project.settings, root / "site", staff=bool(options.get("staff"))) as publication:
        return build(site, publication, clock_given=True)


def tree(root: Path) -> dict[str, bytes]:
    """The published files: path → bytes."""
    site = (root / "site").resolve()
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


TRANSLATED = {
    **SMALL,
    "faq/orders/track-an-order.de": header(title="Wo ist mein Paket?", answer="Der Link zeigt es.") + "Folgen.\n",
    "faq/returns/return-an-item.de": "# Wie schicke ich etwas zurück?\n\nDrucken.\n\n![Das Etikett](label.svg)\n",
    "faq/returns/return-an-item.ar": "# كيف أعيد منتجًا؟\n\nاطبع الملصق.\n",
    "content/articles/faq/orders/_category.de.yml": "title: Bestellungen\n",
}


def token(code: str, field: str) -> str:
    """A word that only a field of a text in one language has."""
    return f"zq{code}{field}7x"


def readable(data: bytes) -> bytes:
    """``data`` with what is packed in it unpacked."""
    for unpack in (gzip.decompress, zlib.decompress):
        with suppress(OSError, zlib.error, EOFError):
            return data + unpack(data)
    return data
