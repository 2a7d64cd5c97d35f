"""How far a discount may go: it takes off no more than there is, and adds nothing."""

from __future__ import annotations

from ratewright.meaning import nodes as tree
from ratewright.refusal import stop
from ratewright.values.exact import Exact
from ratewright.values.money import amount_text


def takes_too_much(discount: tree.Charge, owed: Exact, on: Exact) -> bool:
    """Whether a discount takes off more than it is `on`."""
    return discount.on is not None and owed > max(on, 0)


def adds(exactly: Exact, on: Exact) -> bool:
    """Whether a discount adds to the bill: it is below 0 only where what it is on is, and no further."""
    return exactly < min(on, 0)


def refuse_unsound(discount: tree.Charge, owed: Exact, exactly: Exact, on: Exact, currency: str) -> None:
    """Refuse a discount that takes off more than it is `on`, or adds to the bill. Raises RatingError."""
    if discount.on is not None and takes_too_much(discount, owed, on):
        most = discount.on.span.text if on >= 0 else f"max({discount.on.span.text}, 0 {currency})"
        raise stop(
            "A501",
            f"discount `{discount.name}` comes to {amount_text(owed, currency)} and is on "
            f"{amount_text(on, currency)}: the bill would fall below 0",
            discount.span,
            f"say how much it may take off: `maximum {most}`",
        )
    if adds(exactly, on):
        is_on = f" and is on {amount_text(on, currency)}" if discount.on is not None else ""
        raise stop(
            "A501",
            f"discount `{discount.name}` comes to {amount_text(exactly, currency)}{is_on}: it would add to the bill",
            discount.span,
            f"say what holds then: `max(…, 0 {currency})`, or `minimum 0 {currency}`",
        )
