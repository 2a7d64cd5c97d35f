"""What a line means by `charges`, `subtotal` and `total`, where that is not the sum at the foot of the bill."""

from __future__ import annotations

from ratewright.derivation import trace
from ratewright.explain.phrases import Phrases
from ratewright.meaning.dependencies import is_part

_SUMS = ("charges", "subtotal", "total")


def naming_sums(why: trace.ChargeTrace, say: Phrases, *, on: bool = False) -> Phrases:
    """The phrases for a line: a sum to which it belongs itself is that of the lines before it; `on subtotal` is
    what pools of money left of it; and a line of another period speaks of that."""
    return say.with_sums({name: meant for name in _SUMS if (meant := _meant(name, why, say, on)) != name})


def _meant(name: str, why: trace.ChargeTrace, say: Phrases, on: bool) -> str:
    meant = name
    if is_part(why.charge.word, name):
        meant = f"{name} so far"
    elif on and name == "subtotal" and say.subtotal_paid:
        meant = "left of the subtotal"
    if why.period is not None and why.period != say.period:
        meant = f"{meant} of {say.stretch(why.period.start, why.period.end)}"
    return meant
