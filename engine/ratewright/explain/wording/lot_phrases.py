"""What became of lots by the end of a bill's period: a part of what the words templates call `say`."""

from __future__ import annotations

from abc import ABC

from ratewright.derivation.trace import LotTrace
from ratewright.values.calendar import Period
from ratewright.values.exact import Exact, exact, summed


class Lots(ABC):
    """How much of lots was drawn, is left, or was lost otherwise."""

    __slots__ = ()
    period: Period

    def drawn(self, lots: tuple[LotTrace, ...]) -> int:
        """How many of the lots paid for something."""
        return sum(1 for lot in lots if lot.drawn)

    def gone(self, lot: LotTrace) -> Exact:
        """What a lot lost before the period otherwise than by use, withdrawal, or for the cycle before."""
        told = (lot.before, lot.drawn, lot.remaining, lot.waiting, lot.lapsed, lot.refunded, lot.rolled)
        return exact(lot.size + lot.overdrawn - summed(told) - lot.withdrawn - lot.withdrawn_before - lot.repaid)

    def overdrawn(self, lots: tuple[LotTrace, ...]) -> Exact:
        """By how much lots are overdrawn at the end of the period; what earlier cycles were, later ones paid back."""
        return summed(lot.overdrawn for lot in lots if self._is_open(lot))

    def _is_open(self, lot: LotTrace) -> bool:
        """Whether a lot is not over before the end of the period."""
        return lot.refunded_at is None and (lot.expires is None or lot.expires >= self.period.end)

    def used_up(self, lots: tuple[LotTrace, ...]) -> bool:
        """Whether all lots were drawn to the last before."""
        return all(lot.before >= lot.size and not lot.drawn for lot in lots)

    def over(self, lots: tuple[LotTrace, ...]) -> bool:
        """Whether nothing was left of all lots before, and nothing became of them since."""
        return not any(
            lot.drawn
            or lot.remaining
            or lot.waiting
            or lot.lapsed
            or lot.rolled
            or lot.refunded
            or lot.withdrawals
            or lot.overdrawn
            or lot.repaid
            for lot in lots
        )
