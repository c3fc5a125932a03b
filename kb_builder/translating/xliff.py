"""XLIFF 1.2 (https://docs.oasis-open.org/xliff/v1.2/os/xliff-core.html): what translators' tools read and write.

One ``file`` an article, one ``trans-unit`` a segment. Codes are ``bpt``, ``ept`` and ``ph`` with the Markdown they
stand for, so that tools show them and keep them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from lxml import etree

from kb_builder.errors import InputError
from kb_builder.translating.inline_codes import Code, Role, Token
from kb_builder.translating.units import Unit, Work

_XLIFF: Final = "urn:oasis:names:tc:xliff:document:1.2"
_OURS: Final = "urn:kb-builder:translation"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_TAGS: Final[dict[Role, str]] = {"alone": "ph", "begin": "bpt", "end": "ept"}
_ROLES: Final[dict[str, Role]] = {tag: role for role, tag in _TAGS.items()}
_ILLEGAL: Final = re.compile(r"[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL: Final = "x-control"
_NUMBER: Final = re.compile("[0-9]{1,9}")
_CODE_POINT: Final = re.compile("(?:10|0?[0-9A-F])?[0-9A-F]{1,4}")
_WAITING: Final = frozenset(("needs-review-translation", "needs-translation", "new"))


def write(works: Iterable[Work]) -> bytes:
    """An XLIFF 1.2 file with a ``file`` element for each work."""
    root = etree.Element(f"{{{_XLIFF}}}xliff", nsmap={None: _XLIFF, "kb": _OURS}, version="1.2")
    root.text = root.tail = "\n"
    for work in works:
        file = etree.SubElement(
            root, f"{{{_XLIFF}}}file", original=work.path, datatype="plaintext",
            attrib={
                "source-language": work.source_language, "target-language": work.target_language,
                f"{{{_OURS}}}id": work.id, f"{{{_OURS}}}revision": work.revision,
                f"{{{_OURS}}}translation": work.digest,
            },
        )  # fmt: skip
        body = etree.SubElement(file, f"{{{_XLIFF}}}body")
        file.text = file.tail = body.text = body.tail = "\n"
        for unit in work.units:
            _write_unit(body, unit, work.state)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return data + b"\n"


def _write_unit(body: Any, unit: Unit, state: str) -> None:
    made = etree.SubElement(body, f"{{{_XLIFF}}}trans-unit", id=unit.id)
    made.set(_SPACE, "preserve")
    made.tail = "\n"
    _write_tokens(etree.SubElement(made, f"{{{_XLIFF}}}source"), unit.source)
    if unit.target is not None:
        _write_tokens(etree.SubElement(made, f"{{{_XLIFF}}}target", state=state), unit.target)
    etree.SubElement(made, f"{{{_XLIFF}}}note").text = unit.note


def _write_tokens(parent: Any, tokens: Sequence[Token]) -> None:
    last = None
    for token in tokens:
        if isinstance(token, Code):
            last = etree.SubElement(parent, f"{{{_XLIFF}}}{_TAGS[token.role]}", id=str(token.number))
            if _ILLEGAL.search(token.native):
                last.set("ctype", _CONTROL)
                last.text = " ".join(f"{ord(character):X}" for character in token.native)
            else:
                last.text = token.native
        elif last is None:
            parent.text = (parent.text or "") + token
        else:
            last.tail = (last.tail or "") + token


def read(data: bytes, where: str) -> tuple[Work, ...]:
    """The translations in an XLIFF file. Raises InputError with the line of what can't be read."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        problem = f"is not XML: {str(error.msg).partition(', line ')[0]}"
        raise InputError(problem, where=f"{where}:{error.lineno or 1}", hint="export the file again") from None
    if root.getroottree().docinfo.doctype:
        raise InputError("has a DOCTYPE, which XLIFF does not allow", where=f"{where}:1", hint="export the file again")
    if root.tag != f"{{{_XLIFF}}}xliff":
        hint = "save the file as XLIFF 1.2, as kb translate export writes it"
        raise InputError("is not XLIFF 1.2", where=f"{where}:{root.sourceline}", hint=hint)
    works = tuple(_work(file, where) for file in root.iter(f"{{{_XLIFF}}}file"))
    if not works:
        raise InputError("has no file element", where=f"{where}:1", hint="export the file again")
    return works


def _work(file: Any, where: str) -> Work:
    line = int(file.sourceline)
    ours = {name: file.get(f"{{{_OURS}}}{name}") for name in ("id", "revision", "translation")}
    needed = {**ours, "target-language": file.get("target-language"), "source-language": file.get("source-language")}
    if missing := [name for name, value in needed.items() if value is None]:
        hint = "kb translate import reads what kb translate export wrote"
        raise InputError(f"a file element lacks {missing[0]}", where=f"{where}:{line}", hint=hint)
    units = tuple(_unit(unit, where) for unit in file.iter(f"{{{_XLIFF}}}trans-unit"))
    return Work(
        ours["id"], file.get("original", ""), needed["source-language"], needed["target-language"], ours["revision"],
        ours["translation"], units, line=line,
    )  # fmt: skip


def _unit(unit: Any, where: str) -> Unit:
    source, target = unit.find(f"{{{_XLIFF}}}source"), unit.find(f"{{{_XLIFF}}}target")
    if source is None or not unit.get("id"):
        raise InputError("a trans-unit has no source or no id", where=f"{where}:{unit.sourceline}")
    found = tuple(_tokens(target, where)) if target is not None else ()
    review = target is not None and target.get("state", "") in _WAITING
    return Unit(unit.get("id"), "", tuple(_tokens(source, where)), found or None, int(unit.sourceline), review)


def _tokens(element: Any, where: str) -> Iterator[Token]:
    if element.text:
        yield element.text
    for child in element:
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name == "mrk":
            yield from _tokens(child, where)
        elif name in _ROLES and _NUMBER.fullmatch(child.get("id", "")):
            yield _code(child, name)
        else:
            problem = (
                f"has {f'the element {name}' if name else 'an entity'} in a segment, which the export did not have"
            )
            raise InputError(problem, where=f"{where}:{child.sourceline}", hint="keep the codes of the source")
        if child.tail:
            yield child.tail


def _code(element: Any, name: str) -> Code:
    native = element.text or ""
    if element.get("ctype") == _CONTROL:
        digits = native.split()
        native = "".join(chr(int(digit, 16)) for digit in digits if _CODE_POINT.fullmatch(digit))
    return Code(int(element.get("id")), _ROLES[name], native)
