"""The chart of one pin, for staff."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Customers per day of one pin, oldest first, with the expected level. ``last`` is the day of the last point."""

    title: str
    url: str
    segment: str
    points: tuple[float, ...]
    expected: tuple[float, ...]
    customers: int
    """Since the pin began, with how many were expected in that time."""
    customers_expected: float
    since: date
    last: date

    @property
    def first(self) -> date:
        """The day of the first point."""
        return self.last - timedelta(days=max(len(self.points), 1) - 1)

    @property
    def times(self) -> float:
        """How many times as many customers as expected."""
        return self.customers / max(self.customers_expected, 0.1)
