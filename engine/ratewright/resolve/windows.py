"""Charges with windows from a first use: what they are on, and what cannot be said of a window."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.meaning import nodes as n
from ratewright.resolve.findings import Report

_BY_CALENDAR = "bill a period of the calendar: `every day`, `every month`"


def check_windows(charges: Mapping[str, n.Charge], meters: Mapping[str, n.Meter], report: Report) -> None:
    """Report charges whose windows would begin with the use of no meter, or of several, or of one whose records do not
    say when it was used; and what speaks of whole days."""
    for charge in charges.values():
        if charge.every.first_use:
            _check(charge, meters, report)


def _check(charge: n.Charge, meters: Mapping[str, n.Meter], report: Report) -> None:
    def refuse(why: str, help: str, node: n.Node | None = None) -> None:
        related = () if node is None else (("the charge", charge.span),)
        message = f"windows of `{charge.name}` begin with a first use, and {why}"
        report.error("R226", message, (node or charge).span, help, related)

    if not charge.meters:
        refuse("it is on no meter", "say whose first use: `on` and the meter, with an `amount` too")
    elif len(charge.meters) > 1:
        first, second = charge.meters[:2]
        why = f"`{first}` and `{second}` are first used at other times"
        refuse(why, "let one meter measure both, or write a charge for each", charge.on)
    for meter in (meters[name] for name in charge.meters):
        if meter.spread:
            help = f"let another meter read the records and spread nothing: `reads {meter.reads or meter.name}`"
            refuse(f"`{meter.name}` divides records in time", help, meter)
        if meter.corrections is not None:
            why = f"records of `{meter.name}` may take back the one that it began with"
            refuse(why, f"take `{meter.corrections.span.text}` out, or {_BY_CALENDAR}", meter)
    if charge.by_day or charge.minimum_by_day:
        refuse("a window has no days of which some count", f"take `prorated by day` out, or {_BY_CALENDAR}")
