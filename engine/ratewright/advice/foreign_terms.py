"""Terms of refunds, discounts and bounds as contracts and price pages say them, and how they are written here."""

from __future__ import annotations

import re

from ratewright.advice.parse_stop import Slip
from ratewright.values.exact import exact, parse_number, plain

_REFUND = re.compile(
    r"\s*refund\s+(?P<share>.*?)\s*\bwithin\s+(?P<time>[0-9]+\s+\w+)(?:\s+(?:of|after|from)\s+\w+)?(?P<rest>.*)",
    re.ASCII,
)
_OFF = re.compile(
    r"\s*(?:scale|replace)\s+(?P<target>.+?)\s+(?:by|with)\s+(?P<minus>-\s*)?(?P<share>[0-9]+(?:\.[0-9]+)?)\s*%(?P<off>\s*off\b)?",
    re.ASCII,
)
_BOUND = re.compile(r"\s*at\s+(?P<way>most|least)\s+(?P<figure>[0-9].*)", re.ASCII)
_WHOLE = 100


def for_a_term(slip: Slip) -> str:
    """How the statement is written that a term stands for; empty where none was meant."""
    before = re.split(r"[{;]", slip.line_before)[-1]
    statement = (before + re.split(r"[;}#]", slip.line_after)[0]).rstrip()
    return _refund(slip, statement) or _share_off(slip, statement) or _bound(slip, statement)


def _refund(slip: Slip, statement: str) -> str:
    """`refund within 14 days if unused`: how much, and from when."""
    found = _REFUND.fullmatch(statement)
    if found is None or slip.block != "package":
        return ""
    share, time, rest = found.group("share") or "in full", found.group("time"), found.group("rest")
    written = f"refund {share} within {time} of purchase{rest}"
    return f"write `{written}`" if written != statement.strip() else ""


def _share_off(slip: Slip, statement: str) -> str:
    """`scale fee by -10%`, `replace fee with 10% off`: what is left is said."""
    found = _OFF.match(statement)
    if found is None or slip.block != "contract" or not (found.group("minus") or found.group("off")):
        return ""
    off = found.group("share")
    left = exact(_WHOLE - parse_number(off))
    return f"{off}% off are `scale {found.group('target')} by {plain(left)}%`" if left > 0 else ""


def _bound(slip: Slip, statement: str) -> str:
    """`at most 12 EUR`."""
    found = _BOUND.fullmatch(statement)
    if found is None or slip.block not in ("charge", "discount", "tax"):
        return ""
    return f"write `{'maximum' if found.group('way') == 'most' else 'minimum'} {found.group('figure')}`"
