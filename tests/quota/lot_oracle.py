"""Lots as a plain list that is sorted anew for each piece of usage, and lots made for the engine's own structures.

Times are nanoseconds after `ZERO`, so that small whole numbers stand on both sides of every boundary.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from whenever import Instant

from ratewright.meaning.nodes import DrawRule, Pool
from ratewright.quota.lots import Lot
from ratewright.quota.needs import Need
from ratewright.values.lot_names import LotName
from tests.rating.accounts import tariff

ZERO = Instant.from_utc(2026, 3, 1)


def at(nanoseconds: int) -> Instant:
    return ZERO.add(nanoseconds=nanoseconds)


def maybe(nanoseconds: int | None) -> Instant | None:
    return None if nanoseconds is None else at(nanoseconds)


def pools() -> tuple[Pool, Pool]:
    rules = tariff(
        """
        meter m { field region one of EU, US; measure sum(quantity) in calls }
        package one { covers m; sizes { 1 call 1 USD }; scope region }
        package two { covers m; sizes { 1 call 1 USD }; scope region }
        deduct m from one, two
        """
    )
    return rules.pools["one"], rules.pools["two"]


ONE, TWO = pools()


@dataclass
class Plain:
    """A lot of the oracle. It is valid in `[starts, expires)`, and was bought at `purchased`."""

    name: str
    left: int
    starts: int | None = None
    expires: int | None = None
    purchased: int | None = None
    region: str | None = None
    pool: Pool = ONE

    def lot(self) -> Lot:
        return Lot(
            name=LotName(self.name),
            pool=self.pool,
            size=self.left,
            remaining=self.left,
            starts=maybe(self.starts),
            expires=maybe(self.expires),
            purchased=maybe(self.purchased),
            attributes=(("region", self.region),) if self.region else (),
        )


@dataclass
class Piece:
    """Usage at `start`, or a total of `[start, end)`; what was bought at `closes` or later comes too late for it."""

    start: int
    end: int | None
    quantity: int
    frozen: bool = False
    region: str = "EU"
    closes: int | None = None

    @property
    def need(self) -> Need:
        return Need(
            at(self.start),
            maybe(self.end),
            {"region": self.region},
            frozenset({"two"}) if self.frozen else frozenset(),
            closes=Instant.MAX if self.closes is None else at(self.closes),
        )


def rank(lot: Plain, order: tuple[DrawRule, ...]) -> tuple:
    """Where the lot stands; a lot that never ends comes after all that do, one never bought before all."""
    never, always = 10**9, -(10**9)
    keys = {
        DrawRule.SOONEST_EXPIRY: never if lot.expires is None else lot.expires,
        DrawRule.LATEST_EXPIRY: -(never if lot.expires is None else lot.expires),
        DrawRule.SOONEST_END: never if lot.expires is None else lot.expires,
        DrawRule.LATEST_END: -(never if lot.expires is None else lot.expires),
        DrawRule.OLDEST_PURCHASE: always if lot.purchased is None else lot.purchased,
        DrawRule.NEWEST_PURCHASE: -(always if lot.purchased is None else lot.purchased),
        DrawRule.OLDEST_START: always if lot.starts is None else lot.starts,
        DrawRule.NEWEST_START: -(always if lot.starts is None else lot.starts),
        DrawRule.SMALLEST_REMAINING: lot.left,
        DrawRule.LARGEST_REMAINING: -lot.left,
        DrawRule.NARROWEST_SCOPE: lot.region is None,
        DrawRule.WIDEST_SCOPE: lot.region is not None,
    }
    return (*(keys[rule] for rule in order), lot.name)


def naive(lots: list[Plain], order: tuple[DrawRule, ...], piece: Piece) -> list[tuple[str, int]] | str:
    """What each lot gives, or the name of the lot of which it cannot be told."""
    wanted, given_by = Fraction(piece.quantity), []
    while wanted:
        last = piece.start if piece.end is None else piece.end - 1
        able = [
            lot
            for lot in lots
            if lot.left
            and not (piece.frozen and lot.pool is TWO)
            and (lot.starts is None or lot.starts <= last)
            and (lot.expires is None or piece.start < lot.expires)
            and (lot.purchased is None or piece.closes is None or lot.purchased < piece.closes)
            and lot.region in (None, piece.region)
        ]
        if not able:
            break
        lot = min(able, key=lambda lot: rank(lot, order))
        if piece.end is not None and (
            (lot.starts is not None and lot.starts > piece.start)
            or (lot.expires is not None and lot.expires < piece.end)
        ):
            return lot.name
        part = min(lot.left, wanted)
        lot.left -= part
        wanted -= part
        given_by.append((lot.name, part))
    return given_by
