"""A window of a browser that Playwright doesn't drive. Elements are named by CSS selectors."""

import time
from abc import ABC, abstractmethod
from typing import Any


class Window(ABC):
    @abstractmethod
    def go(self, url: str) -> None: ...

    @abstractmethod
    def run(self, script: str) -> Any:
        """What the function body ``script`` returns in the page."""

    @abstractmethod
    def click(self, selector: str) -> None: ...

    @abstractmethod
    def type(self, selector: str, text: str) -> None: ...

    def wait_for(self, expression: str) -> None:
        """Returns once the JavaScript ``expression`` is true."""
        for _ in range(200):
            if self.run(f"return Boolean({expression})"):
                return
            time.sleep(0.05)
        raise AssertionError(f"never true: {expression}; the page shows: {self.run('return document.body.innerText')}")
