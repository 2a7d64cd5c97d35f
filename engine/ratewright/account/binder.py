"""What binding needs at every step: the tariff, the calendar, and the problems found so far."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace
from whenever import Instant

from ratewright.account.amounts import Amounts
from ratewright.diagnostics import Diagnostic, did_you_mean
from ratewright.limits import Limits
from ratewright.plan.plan import Plan
from ratewright.refusal import RatingError, at_record
from ratewright.usage.model import Place, Usage
from ratewright.values.calendar import CalendarError, Moment, calendar_of

_SOME_TIME = Instant.from_utc(2000, 1, 1)
"""Stands for a time that was refused: with it everything can be worked out to the end of what else is wrong."""


class Problems:
    """Diagnostics of an account's data, each at its line. One cause is told once, with how many more there are."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.count = 0
        self._first: dict[tuple[str, str], int] = {}
        self._places: dict[tuple[str, str], set[tuple[str, int]]] = {}

    def add(self, code: str, message: str, place: Place, help: str = "", *, cause: str = "") -> None:
        """Note a problem of a record, or of another part of the account's data.

        `cause` says what other records have in common with it, where it is not all of the message.
        """
        self._note(Diagnostic(code, message, place.span, help), place, cause)

    def of_record(self, error: RatingError, place: Place) -> None:
        """Note what a formula came to for a record: at the record, with the place of the rule beside it."""
        for found in at_record(error, place.span).diagnostics:
            self._note(found, place)

    def _note(self, diagnostic: Diagnostic, place: Place, common: str = "") -> None:
        self.count += 1
        cause = (diagnostic.code, common or diagnostic.message)
        if cause not in self._first:
            self._first[cause] = len(self.found)
            self.found.append(diagnostic)
        self._places.setdefault(cause, set()).add((place.source.name, place.line))  # several meters read one record

    def told(self) -> list[Diagnostic]:
        """All problems, each with how often it occurs elsewhere."""
        told = list(self.found)
        for cause, number in self._first.items():
            more = len(self._places[cause]) - 1
            if more:
                again = f" (and so {more:,} more record{'s' if more > 1 else ''})"
                told[number] = replace(told[number], message=f"{told[number].message}{again}")
        return told


class Binder:
    """What binding needs at every step: the plan, the calendar, the problems so far."""

    def __init__(self, plan: Plan, usage: Usage, limits: Limits) -> None:
        self.plan = plan
        self.tariff = tariff = plan.tariff
        self.usage = usage
        self.limits = limits
        self.calendar = calendar_of(tariff.timezone)
        self.problems = Problems()
        self.amounts = Amounts(tariff.units)
        self.place = Place(usage.source, usage.line)
        self.activated = self.instant(usage.activated, self.place) if usage.activated else None
        self.opening = self.instant(usage.opening, self.place) if usage.opening else None
        self.known_from = self.instant(usage.known_from, self.place) if usage.known_from else None

    @property
    def for_currency(self) -> str:
        """What is added to `not sold`, where the list may sell it in another currency."""
        return f" for {self.tariff.currency}" if len(self.tariff.currencies) > 1 else ""

    def instant(self, moment: Moment, place: Place) -> Instant:
        """The instant of a written moment; one that does not exist is reported."""
        try:
            return self.calendar.instant(moment)
        except CalendarError as error:
            self.problems.add("A205", str(error), place, error.help)
            return _SOME_TIME

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
