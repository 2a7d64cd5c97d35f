"""What is billed whole on both sides of a change of the price list, where the change splits a period."""

from __future__ import annotations

from collections.abc import Iterator

from whenever import Date

from ratewright.diagnostics import Diagnostic, Severity
from ratewright.meaning import nodes as tree
from ratewright.meaning.walk import given_in
from ratewright.values.calendar import calendar_of

_MEANT = "if the price list means this, nothing is to be done; for a share of it in each part, "


def billed_in_both_parts(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A note for each fee and each `minimum` of a charge that does not go by the length of its period, where the day on
    which the list ends lies inside one. Whether another list ends where this one begins, this one does not say.

    Only what settings alone decide is told of: another formula may well know what was billed in the other part.
    """
    day = tariff.until
    if day is None or not tariff.splits:
        return
    for charge in tariff.charges.values():
        if charge.word is not tree.LineWord.CHARGE or not _of_settings(charge.when):
            continue
        if not _lies_inside(day, charge, tariff):
            continue
        shared = charge.by_day or charge.prorated is not None
        if charge.on is None and isinstance(charge.form, tree.Amount) and not shared:
            help = "write `prorated by day`"
            yield from _note(f"`{charge.name}` is billed", charge.form.expression, day, help)
        if charge.minimum is not None and not charge.minimum_by_day:
            help = "write `minimum … prorated by day`"
            yield from _note(f"the minimum of `{charge.name}` holds", charge.minimum, day, help)


def _note(what: str, amount: tree.Expression, day: Date, help: str) -> Iterator[Diagnostic]:
    if _of_settings(amount):
        message = f"{what} whole in both parts of the period that the change on {day} splits"
        yield Diagnostic("C110", message, amount.span, _MEANT + help, Severity.NOTE)


def _lies_inside(day: Date, charge: tree.Charge, tariff: tree.Tariff) -> bool:
    """Whether a day splits a period of a charge: it does where each account counts them from a time of its own."""
    if charge.every.alone or charge.at_once:
        return False
    if charge.anchor is not None or charge.every.first_use:
        return True
    calendar = calendar_of(tariff.timezone)
    change = calendar.instant(day)
    return calendar.period_of(change, charge.every).start != change


def _of_settings(formula: tree.Expression | None) -> bool:
    return formula is None or all(isinstance(given, tree.SettingValue) for given in given_in(formula))
