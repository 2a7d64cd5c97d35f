"""What cannot be decided for usage that stands for a stretch of time: it is refused, with the way out."""

from __future__ import annotations

from collections.abc import Callable

from whenever import Instant

from ratewright.account.counted.pieces import Piece
from ratewright.account.settings.setting_timeline import Settings
from ratewright.account.settings.times_of_change import asks_time, first_turn
from ratewright.diagnostics import Span
from ratewright.formula.interpreter import evaluate
from ratewright.meaning import nodes as tree
from ratewright.refusal import stop
from ratewright.values.calendar import Calendar, Period, moment_text, period_text


def place_of(piece: Piece) -> Span | None:
    """Where the account's data tell of a piece; nowhere if it stands for many records."""
    return piece.record.place.span if piece.record is not None else None


def refuse_change(
    piece: Piece, condition: tree.Expression, settings: Settings, what: str = "the condition", or_else: str = ""
) -> None:
    """Raise RatingError where a condition, or `what` else it is, may differ from one part of a piece to another.

    `or_else` ends the remedy where the piece is what a meter measured of a whole period.
    """
    if piece.end is None:
        return
    answer = _answers(condition, piece, settings)
    changes = settings.changes(condition, piece.start, piece.end)
    if not asks_time(condition):  # then a change is none where the answer stays the same
        changes = [(setting, at) for setting, at in changes if answer(at) != answer(piece.start)]
    if changes:
        setting, at = changes[0]
        when, whole = moment_text(at, settings.calendar), _whole(piece, settings.calendar)
        why = f"{setting.title} changes on {when}, inside this {whole}"
        code, help = "A302", SPLIT
    else:
        turn = first_turn(condition, Period(piece.start, piece.end), settings, _marks(piece), answer)
        if turn is None:
            return
        why = turning(condition, piece.start, turn, settings.calendar, _whole(piece, settings.calendar))
        code, help = "A307", way_out(piece.start, turn)
    if piece.measure is not None:
        help = f"let it change where the period ends, or ask it of each record, in a `where` of the meter{or_else}"
    raise stop(
        code,
        f"{why}: how much of it came before is not known",
        place_of(piece),
        help,
        (what, condition.span),
    )


SPLIT = "split the total at that time, or give the records themselves"
_RECORDS = "give the records themselves, each at its instant"


def way_out(start: Instant, turn: Instant) -> str:
    """The remedy for a total for which a formula has another value from `turn` on; its start where no time is known."""
    return _RECORDS if turn == start else SPLIT


def _whole(piece: Piece, calendar: Calendar) -> str:
    """What a piece is: a total of the data, or what a meter measured."""
    if piece.measure is None:
        return "total"
    return f"result that `{piece.meter}` has for {period_text(piece.measure.period, calendar)}"


def turning(expression: tree.Expression, start: Instant, turn: Instant, calendar: Calendar, what: str) -> str:
    """What is wrong with usage from `start` on for which a formula has another value from `turn` on; `what` it is."""
    text = expression.span.text
    if turn == start:
        return f"`{text}` asks for the time, and this {what} stands for more than one instant"
    return f"`{text}` has another value from {moment_text(turn, calendar)} on, inside this {what}"


def _marks(piece: Piece) -> dict[str, tree.Value]:
    return {f"tag:{name}": value for name, value in piece.tags.items()}


def _answers(expression: tree.Expression, piece: Piece, settings: Settings) -> Callable[[Instant], object]:
    """The value of an expression at instants, for the usage of a piece."""
    tags = _marks(piece)

    def answer(at: Instant) -> object:
        return evaluate(expression, {**settings.values_at(expression, at, expression.span), **tags})

    return answer
