"""The sentences that ``kb new`` writes for authors to replace, and the check that none of them is published."""

import re
from collections.abc import Iterator
from typing import Final

from kb_builder.errors import Finding, Severity

STEPS: Final = "Say what to do, in steps."
NEXT_STEPS: Final = "Say what to try next, and who can help."
RULES: Final = "Say what the policy allows, for whom, and until when."
CHANGES: Final = "Say what changed, and from which day."
NEWS: Final = "Say what is wrong, for whom, since when, what you are doing, and when you will write again."
SENTENCES: Final = (STEPS, NEXT_STEPS, RULES, CHANGES, NEWS)

_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADING: Final = re.compile(r"^ {0,3}#{1,6}(?:\s.*)?$", re.MULTILINE)


def placeholders(body: str, path: str, first_line: int) -> Iterator[Finding]:
    """An error for each line of ``body`` that still has a sentence of ``kb new``."""
    if "Say what" not in body:
        return
    for number, line in enumerate(body.split("\n"), start=first_line):
        for sentence in SENTENCES:
            if sentence in line:
                message = f'"{sentence}" is a placeholder of kb new'
                yield Finding(path, number, "placeholder", Severity.ERROR, message, "replace it, or keep draft: true")


def is_empty(body: str) -> bool:
    """Whether ``body`` has no text besides headings and comments."""
    return not _HEADING.sub("", _COMMENT.sub("", body)).strip()
