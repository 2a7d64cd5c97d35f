"""What can go wrong while a formula is worked out: each with the place in the rule file and a remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ratewright.diagnostics import Diagnostic, Span, did_you_mean
from ratewright.limits import DEFAULT
from ratewright.refusal import RatingError


class EvaluationError(RatingError):
    """A formula that has no value for the figures at hand."""

    def __init__(self, message: str, span: Span, help: str, code: str = "A601") -> None:
        self.diagnostic = Diagnostic(code, message, span, help)
        super().__init__([self.diagnostic])


def division_by_nothing(divisor: Span) -> EvaluationError:
    """The error for a divisor that is 0."""
    what = "" if divisor.text == "0" else f"`{divisor.text}` is 0, and "
    return EvaluationError(
        f"{what}nothing can be divided by {'it' if what else '0'}", divisor, "ask first: `if … > 0 then … else …`"
    )


def outgrown(span: Span) -> EvaluationError:
    """The error for a ratio that needs more bits than the limit allows."""
    return EvaluationError(
        f"the exact value of `{span.text}` needs more than {DEFAULT.ratio_bits:,} bits",
        span,
        "declare a rounding inside the formula: `round half up (…) to 0.000001`",
    )


def too_many_values(span: Span) -> EvaluationError:
    """The error for a series with a value for each of more periods than the limit allows."""
    return EvaluationError(
        f"`{span.text}` has more than {DEFAULT.series_values:,} values, those of 0 counted",
        span,
        "ask for longer periods, `each hour`, or look back less far",
    )


def key_text(names: Sequence[str], key: Sequence[Any]) -> str:
    """`region `eu` and kind `live``, for the key that was looked up."""
    shown = [{True: "on", False: "off"}.get(value, value) if isinstance(value, bool) else value for value in key]
    return " and ".join(f"{name} `{value}`" for name, value in zip(names, shown, strict=True))


def missing_key(
    table: str, names: Sequence[str], key: Sequence[Any], span: Span, known: Iterable[Sequence[Any]] = ()
) -> EvaluationError:
    """The error for a key that a table has no row for; `known` are the keys that it has."""
    what = key_text(names, key)
    where = f"table `{table}`" if table else "the table of prices"
    texts = [k[0] for k in known if len(k) == 1 and isinstance(k[0], str)]
    guess = did_you_mean(key[0], texts) if len(key) == 1 and isinstance(key[0], str) else ""
    help = guess or "add a row for it, or a last row `else`; `not sold` where there is none"
    return EvaluationError(f"{where} has no row for {what}", span, help, "A402")


def no_price(span: Span, currency: str, unit: str) -> EvaluationError:
    """The error for an amount that the list does not have in the account's currency; `unit` is what it would be in."""
    return EvaluationError(
        f"`{span.text}` is no price in {currency}, and the list has no other here",
        span,
        f"write `{span.text} or … {unit}`: nothing is converted",
        "A403",
    )


def not_sold(what: str, span: Span) -> EvaluationError:
    """The error for a row or cell without a price."""
    return EvaluationError(
        f"{what} reaches a row that is not sold",
        span,
        "the price list has no price for it: ask the vendor, or add one to the row",
        "A401",
    )
