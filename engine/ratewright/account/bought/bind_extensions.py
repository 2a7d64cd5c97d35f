"""Extensions of limits → capacity for a time, and what it costs."""

from __future__ import annotations

from ratewright.account.binder import Binder
from ratewright.account.bought.bought import BoundExtension
from ratewright.usage.model import Extension
from ratewright.values.calendar import CalendarError, Duration
from ratewright.values.exact import exact, ratio
from ratewright.values.units import quantity_text


def bind_extension(extension: Extension, binder: Binder) -> BoundExtension | None:
    """One extension; None where there is a problem, which is reported."""
    limit = binder.tariff.limits.get(extension.limit)
    place = extension.place
    if limit is None:
        binder.known("limit", extension.limit, binder.tariff.limits, place, "A106")
        return None
    term = extension.term.removesuffix("s")
    offer = next((o for o in limit.offers if o.term == term), None)
    if offer is None:
        sold = ", ".join(f"`{o.term}`" for o in limit.offers) or "nothing"
        binder.problems.add(
            "A106",
            f"{limit.title} is not extended by the {term}{binder.for_currency}",
            place,
            f"it is sold by the {sold}",
        )
        return None
    amount, problem, help = binder.amounts.figure(extension.amount, limit.unit)
    if problem:
        binder.problems.add("A106", f"the extension {problem}", place, help)
        return None
    units = ratio(amount, offer.amount)
    if not isinstance(units, int) or units < 1 or extension.terms < 1:
        binder.problems.add(
            "A106",
            f"{limit.title} is extended by whole {quantity_text(offer.amount, limit.unit)} and whole terms",
            place,
            "write whole numbers from 1 on",
        )
        return None
    start = binder.instant(extension.start, place)
    total = offer.duration
    length = Duration(
        total.months * extension.terms,
        total.days * extension.terms,
        exact(total.seconds * extension.terms),
        f"{extension.terms:,} × {term}",
    )
    try:
        end = binder.calendar.add(start, length)
    except CalendarError as error:
        binder.problems.add("A205", str(error), place, "write fewer terms")
        return None
    cost = exact(offer.price * units * extension.terms)
    return BoundExtension(extension, limit, offer, amount, start, end, cost)
