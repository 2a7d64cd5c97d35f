"""How figures, amounts and days are written for readers: as English does, or as another language does.

A text for readers is put together deep inside: a formula with its values, the value of a setting, an amount. How it
is written holds for all that is made `with written_as(…)`, as a context of decimals holds for what is reckoned in it.
Outside of it, in messages and for machines, everything is English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from whenever import Date

_MONTHS = tuple("January February March April May June July August September October November December".split())


class Writing:
    """English. Other languages are made of the CLDR's data (`explain/wording/cldr_writing.py`)."""

    language = "en"
    months: tuple[str, ...] = _MONTHS
    """The names of the twelve."""

    def number(self, text: str) -> str:
        """A number as English writes it, `-1,650.5…`, as this language does."""
        return text

    def figures(self, text: str) -> str:
        """What a rule file says in figures, `2,500 USD/1,000 calls`, as this language writes them."""
        return text

    def money(self, number: str, code: str) -> str:
        """An amount, of a number that is written already: `1,650.00 USD`."""
        return f"{number} {code}"

    def form(self, number: str) -> str:
        """The plural form for a number that is written already: `one`, or `other`."""
        return "one" if number == "1" else "other"

    def percent(self, number: str) -> str:
        """`80%`, of a number that is written already."""
        return f"{number}%"

    def quantity(self, number: str, name: str) -> str:
        """A number that is written already with the name of its unit, one or several: `1 pic`, `3 USD/hour`, `5%`."""
        return self.percent(number) if name == "%" else f"{number} {name}"

    def unit(self, name: str) -> str:
        """The name of a unit, which may be made of several."""
        return name

    def date(self, date: Date) -> str:
        """`2026-03-02`."""
        return date.format_iso()

    def day(self, date: Date) -> str:
        """A date in words: `2 March 2026`."""
        return f"{date.day} {self.months[date.month - 1]} {date.year}"

    def short_month(self, date: Date) -> str:
        """The month of a date, in a few letters: `Mar`."""
        return self.months[date.month - 1][:3]

    def at_time(self, date: str, clock: str) -> str:
        """A date that is written already, with a time of the day."""
        return f"{date} {clock}"

    def month(self, date: Date) -> str:
        """The month of a date: `March 2026`."""
        return f"{self.months[date.month - 1]} {date.year}"

    def year(self, date: Date) -> str:
        """The year of a date."""
        return str(date.year)

    def span(self, first: str, last: str) -> str:
        """From one time to another, both written already."""
        return f"{first} to {last}"

    def value(self, word: str) -> str:
        """A value that is a word of rule files: `on`, `off`, `never`, `else`."""
        return word


ENGLISH = Writing()
_CURRENT: ContextVar[Writing] = ContextVar("writing", default=ENGLISH)

writing = _CURRENT.get
"""How texts for readers are written here and now."""


@contextmanager
def written_as(other: Writing) -> Iterator[None]:
    """All texts that are made within are written as `other` does."""
    token = _CURRENT.set(other)
    try:
        yield
    finally:
        _CURRENT.reset(token)
