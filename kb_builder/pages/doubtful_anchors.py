"""Anchors that belong to an old heading or to a new one with the same words: the text doesn't decide which."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kb_builder.errors import Finding, Severity
from kb_builder.markdown.lint import Linter
from kb_builder.model import Announcement, Article, Heading


@dataclass(frozen=True, slots=True)
class Doubt:
    """``heading`` is new on its page, and ``anchor``, which was published, leads to another one above it."""

    page: Article | Announcement
    heading: Heading
    anchor: str
    address: str
    """Of ``anchor``, site-relative."""

    def finding(self, folder: str = "") -> Finding:
        """``folder`` is that of the language, below the root."""
        page, words = self.page, self.heading.text
        message = f'"/{folder}{self.address}" was published for another heading "{words}", or for this one'
        hint = f"write it behind the one that had it:  ## {words} {{#{self.anchor}}}"
        line = Linter(page.body, page.body_line, getattr(page, "removed_lines", ())).line_of(words)
        return Finding(page.path, line or page.body_line, "doubtful-anchor", Severity.ERROR, message, hint)


def doubts(
    page: Article | Announcement, url: str, headings: Iterable[Heading], once_public: Collection[str]
) -> Iterator[Doubt]:
    """The doubtful anchors of a page; ``once_public`` are addresses, its anchors below ``url`` among them.

    Equal headings that were published together are all in it. If one of them isn't, and an anchor is that it would
    have without a heading above it, either of the two may be the old one.
    """
    for heading in headings:
        if heading.taken and f"{url}#{heading.anchor}" not in once_public:
            for anchor in heading.taken:
                if f"{url}#{anchor}" in once_public:
                    yield Doubt(page, heading, anchor, f"{url}#{anchor}")
                    break
