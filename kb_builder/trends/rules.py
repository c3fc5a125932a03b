"""The conditions of both scans for a burst."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """When a burst is pinned and unpinned; see :class:`kb_builder.mentions.settings.Thresholds`."""

    customers: int = 5
    times_normal: float = 1.5
    still_times_normal: float = 1.4
    false_alarm: float = 0.05
    longest_days: int = 14
    yields_to: float = 1.3
    slots: int = 5
    tested: int = 0
    """Topics for which the daily scan corrects its threshold, when there are more than those given."""
    lags: tuple[int, ...] = ()
    """The newest hours of each channel of the hourly scan that don't count yet."""
    social: tuple[int, ...] = ()
    """The channels of the hourly scan in which others repeat a post."""
