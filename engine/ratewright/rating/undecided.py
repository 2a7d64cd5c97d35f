"""What cannot be decided for usage that stands for a stretch of time: it is refused, with the way out."""

from __future__ import annotations

from whenever import Instant

from ratewright.diagnostics import Span
from ratewright.rating.pieces import Piece
from ratewright.rating.problems import stop
from ratewright.rating.timeline import Settings
from ratewright.tree import nodes as tree
from ratewright.tree.types import Kind
from ratewright.tree.walk import parts
from ratewright.values.calendar import moment_text

_COMPARED = (tree.Constant, tree.Given)


def place_of(piece: Piece) -> Span | None:
    """Where the account's data tell of a piece; nowhere if it stands for many records."""
    return piece.record.place.span if piece.record is not None else None


def refuse_change(piece: Piece, condition: tree.Expression, settings: Settings, what: str = "the condition") -> None:
    """Raise RatingError where a condition, or `what` else it is, may differ from one part of a piece to another."""
    if piece.end is None:
        return
    change = settings.first_change(condition, piece.start, piece.end)
    if change is not None:
        setting, at = change
        why = f"{setting.title} changes on {moment_text(at, settings.calendar)}, inside this total"
    elif _asks_time_within(condition, piece.start, piece.end, settings):
        why = f"`{condition.span.text}` asks for the time, and this total runs over more than one"
    else:
        return
    raise stop(
        "A302",
        f"{why}: how much of it came before is not known",
        place_of(piece),
        "split the total at that time, or give the records themselves",
        (what, condition.span),
    )


def _asks_time_within(condition: tree.Expression, start: Instant, end: Instant, settings: Settings) -> bool:
    """Whether a condition may hold for one part of `[start, end)` and not for another, by the time it asks for."""
    members = list(parts(condition))
    if not any(isinstance(p, tree.RecordFact) and p.name == "at" for p in members):
        return False
    if any(not isinstance(p, _COMPARED) and p.type.kind is Kind.INSTANT for p in members):
        return True  # a reckoned date, such as the start of the record's own day
    compared = [p for p in members if p.type.kind is Kind.INSTANT]
    instants: list[object] = [p.value for p in compared if isinstance(p, tree.Constant)]
    instants += [settings.timelines[p.name].at(start) for p in compared if isinstance(p, tree.SettingValue)]
    return any(isinstance(instant, Instant) and start < instant < end for instant in instants)
