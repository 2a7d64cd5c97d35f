"""How a computation stops: with the diagnostics of what cannot be decided, has no value or is not sold."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace
from whenever import Instant

from ratewright.diagnostics import Diagnostic, Span
from ratewright.values.calendar import Calendar, CalendarError, Duration


class RatingError(Exception):
    """Rating cannot go on. Carries diagnostics; nothing was billed."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(d.message for d in self.diagnostics))


def at_record(error: RatingError, place: Span) -> RatingError:
    """The same error at the record that caused it, with the place of the rule beside it."""
    told = []
    for found in error.diagnostics:
        rule = () if found.span is None else (("the rule", found.span),)
        told.append(replace(found, span=place, related=(*found.related, *rule)))
    return RatingError(told)


def stop(code: str, message: str, span: Span | None, help: str, *related: tuple[str, Span]) -> RatingError:
    """The error for one problem."""
    return RatingError([Diagnostic(code, message, span, help, related=related)])


def later(calendar: Calendar, instant: Instant, length: Duration, span: Span | None) -> Instant:
    """The instant a rule's `length` later. Raises RatingError where the calendar ends before."""
    try:
        return calendar.add(instant, length)
    except CalendarError as error:
        raise stop("A205", str(error), span, error.help) from error
