"""How often each line of one account is billed: anchors are the account's own."""

from __future__ import annotations

from msgspec.structs import replace
from whenever import Instant

from ratewright.account.settings.setting_timeline import Settings
from ratewright.formula.interpreter import evaluate
from ratewright.meaning import nodes as tree
from ratewright.refusal import stop
from ratewright.values.calendar import Cadence

_LONGEST_DAY = 31


def anchored(cadence: Cadence, anchor: tree.Anchor | None, settings: Settings, extra: dict[str, object]) -> Cadence:
    """A cadence with what an account's data anchor it at. `extra` is what the anchor may read beside settings.

    Raises RatingError for an anchor without a value, or one that changes.
    """
    if anchor is None:
        return cadence
    expression = anchor.start if anchor.start is not None else anchor.day
    assert expression is not None
    change = settings.first_change(expression, Instant.MIN, Instant.MAX)
    if change is not None:
        what = "a line is billed once on" if cadence.once else "periods are counted from"
        raise stop(
            "A305",
            f"{change[0].title} changes, and {what} `{expression.span.text}`",
            expression.span,
            "let it have one value for the account",
            ("the setting", change[0].span),
        )
    value = evaluate(expression, {**settings.values_at(expression, Instant.MIN, expression.span), **extra})
    if anchor.start is not None:
        return replace(cadence, anchor=value)
    if not isinstance(value, int) or not 1 <= value <= _LONGEST_DAY:
        raise stop(
            "A104",
            f"`{expression.span.text}` is no day of a month: {value}",
            expression.span,
            "give a whole number from 1 to 31",
        )
    return replace(cadence, day=value)
