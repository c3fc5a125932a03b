"""Ids that a spreadsheet has rounded: ``3.60931E+11``, which many rows share."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, cast

from kb_builder.errors import InputError
from kb_builder.mentions.formats import Field, Format, plain_name

ROUNDED: Final = r"\d([.,]\d+)?[eE]\+?\d{1,3}"
"""Pattern of a number as a spreadsheet abbreviates it."""


def refuse_rounded_ids(sample: Iterable[Sequence[str]], header: Sequence[str], format_: Format, where: str) -> None:
    """Raises :class:`InputError` when a row of the sample has such an id, or such a customer."""
    for wanted in cast("tuple[Field, ...]", ("id", "customer_id")):
        known = set(map(plain_name, format_.columns.get(wanted, ())))
        places = [index for index, name in enumerate(header) if plain_name(name) in known]
        if any(index < len(row) and re.fullmatch(ROUNDED, row[index].strip()) for row in sample for index in places):
            raise rounded(wanted, where)


def rounded(wanted: Field, where: str) -> InputError:
    """The error for numbers such as ``3.60931E+11``, which many rows share."""
    problem = f"a spreadsheet rounded the numbers of the column for {wanted}"
    hint = "format that column as text or as a number without decimals, or use the export unopened"
    return InputError(problem, where=where, hint=hint)
