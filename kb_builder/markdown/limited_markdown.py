"""Python-Markdown with a limit on the marks of one paragraph, whose search takes time with their square."""

from typing import Any

from markdown import Markdown, util
from markdown.treeprocessors import InlineProcessor

from kb_builder.markdown.limits import limited_inline


class LimitedInline(InlineProcessor):
    """The tree processor named ``inline``, which looks for marks within paragraphs, cells and items."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.beyond: list[tuple[str, str]] = []
        """What was limited in the texts so far, and how each begins."""

    def limited(self, data: str) -> str:
        """``data`` within the limits."""
        data, reason = limited_inline(data)
        if reason:
            self.beyond.append((reason, data[:40]))
        return data

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        """What the base class does under this name, within the limits."""
        if not patternIndex and not isinstance(data, util.AtomicString):
            data = self.limited(data)
        found: str = super()._InlineProcessor__handleInline(data, patternIndex)  # type: ignore[misc]
        return found


class LimitedMarkdown(Markdown):
    """Takes what its base class takes."""

    inline_processor: type[LimitedInline] = LimitedInline

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._inline: LimitedInline | None = None
        # An extension may have put its own in this place.
        if "inline" in self.treeprocessors and type(self.treeprocessors["inline"]) is InlineProcessor:
            self._inline = self.inline_processor(self)
            self.treeprocessors.register(self._inline, "inline", 20)

    def beyond(self) -> list[tuple[str, str]]:
        """What was limited since this was asked last, and how the text begins."""
        found: list[tuple[str, str]] = []
        if self._inline is not None:
            found, self._inline.beyond = self._inline.beyond, found
        return found
