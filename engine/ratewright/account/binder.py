"""What binding needs at every step: the tariff, the calendar, and the problems found so far."""

from __future__ import annotations

from collections.abc import Iterable

from whenever import Instant

from ratewright.account.amounts import Amounts
from ratewright.diagnostics import Diagnostic, did_you_mean
from ratewright.limits import Limits
from ratewright.meaning import nodes as tree
from ratewright.usage.model import Place, Usage
from ratewright.values.calendar import CalendarError, Moment, calendar_of


class Problems:
    """Diagnostics of an account's data, each at its line."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.count = 0
        self._said: set[tuple[str, str, int, str]] = set()

    def add(self, code: str, message: str, place: Place, help: str = "") -> None:
        self.count += 1
        said = (code, message, place.line, place.source.name)
        if said in self._said:  # a record is read by several meters
            return
        self._said.add(said)
        self.found.append(Diagnostic(code, message, place.span, help))


class Binder:
    """What binding needs at every step: the tariff, the calendar, the problems so far."""

    def __init__(self, tariff: tree.Tariff, usage: Usage, limits: Limits) -> None:
        self.tariff = tariff
        self.usage = usage
        self.limits = limits
        self.calendar = calendar_of(tariff.timezone)
        self.problems = Problems()
        self.amounts = Amounts(tariff.units)
        self.place = Place(usage.source, usage.line)
        self.activated = self.instant(usage.activated, self.place) if usage.activated else None
        self.opening = self.instant(usage.opening, self.place) if usage.opening else None
        self.known_from = self.instant(usage.known_from, self.place) if usage.known_from else None

    def instant(self, moment: Moment, place: Place) -> Instant:
        """The instant of a written moment; one that does not exist is reported."""
        try:
            return self.calendar.instant(moment)
        except CalendarError as error:
            self.problems.add("A205", str(error), place, error.help)
            return Instant.MIN

    def refuse_lots(self, count: int, place: Place) -> None:
        """Report that an account has more lots than are worked on."""
        message = f"the account has {count:,} lots; the limit is {self.limits.lots:,}"
        self.problems.add("A602", message, place, "buy fewer of a larger size, or raise it with --max-lots")

    def known(self, kind: str, name: str, known: Iterable[str], place: Place, code: str) -> None:
        """Report a name that the price list does not declare."""
        names = list(known)
        help = did_you_mean(name, names) or (
            f"the price list has {', '.join(f'`{n}`' for n in names)}" if names else ""
        )
        self.problems.add(code, f"the price list has no {kind} `{name}`", place, help)
