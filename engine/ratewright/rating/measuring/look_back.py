"""How far back an account's data are known, for measures that look further back than their period."""

from __future__ import annotations

from typing import Any

from whenever import Instant

from ratewright.account.binding import Account
from ratewright.formula.interpreter import evaluate
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import looks_back
from ratewright.refusal import stop
from ratewright.values.calendar import Period, moment_text


class LookBack:
    """What the measure of one meter looks back at; nothing if it speaks of its own period only."""

    def __init__(self, meter: tree.Meter, account: Account) -> None:
        asked = [meter.measure, *(step.expression for step in meter.steps)]
        self._series = [series for formula in asked for series in looks_back(formula)]
        self._meter = meter
        self._account = account
        given = account.counted.given
        self._given = [*given.get(meter.name, ()), *given.get(meter.reads or meter.name, ())] if self._series else []

    def __bool__(self) -> bool:
        return bool(self._series)

    def first_given(self) -> Instant | None:
        """The earliest measured result that stands for records."""
        return min((piece.start for piece in self._given), default=None)

    def check(self, period: Period, values: dict[str, Any]) -> None:
        """Refuse to look back at a time of which the records are not known. Raises RatingError."""
        known_from = self._account.known_from
        for series in self._series:
            assert series.since is not None
            since: Instant = evaluate(series.since, values)
            activated = self._account.activated
            if known_from is not None and max(since, activated or since) < known_from:
                self._refuse(f"the account's data begin with the opening of {self._text(known_from)}", since, series)
            given = next((piece for piece in self._given if since <= piece.start < period.end), None)
            if given is not None:
                self._refuse(f"a measured value stands for the records of {self._text(given.start)}", since, series)

    def _text(self, instant: Instant) -> str:
        return moment_text(instant, self._account.calendar)

    def _refuse(self, why: str, since: Instant, series: tree.Series) -> None:
        raise stop(
            "A210",
            f"`{self._meter.name}` looks back to {self._text(since)}, and {why}",
            series.span,
            f"give the records from {self._text(since)} on: those from before an opening under `history`",
        )
