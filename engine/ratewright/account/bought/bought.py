"""What an account bought and asked for, bound to a price list."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct
from whenever import Instant

from ratewright.meaning import nodes as tree
from ratewright.quota.allotments import Allotments
from ratewright.quota.cycles import Renewing
from ratewright.quota.holdings import Holdings
from ratewright.quota.lots import Attributes, Lot
from ratewright.usage.model import Extension, Place, Purchase
from ratewright.values.exact import Exact


class BoundPurchase(Struct, frozen=True):
    """Lots bought together, on one line of the bill; `cost` is what they come to, `billed` that amount as the line
    has it, rounded."""

    purchase: Purchase
    pool: tree.Pool
    row: tree.SizeRow
    at: Instant
    lots: tuple[Lot | Renewing, ...]
    cost: Exact
    billed: Exact


class BoundExtension(Struct, frozen=True):
    """Capacity bought for `[start, end)`."""

    extension: Extension
    limit: tree.Limit
    offer: tree.Offer
    amount: Exact
    start: Instant
    end: Instant
    cost: Exact


class BoundWithdrawal(Struct, frozen=True):
    """A part of some lots that is taken back. `asked` is the pool, or the purchase or lot, named. Of a grant with a
    scope there is a lot only once something meets it: the one of `allotted` that is given for some usage. `overtaken`
    says that usage of before became known later, so that less may be left than was known then."""

    asked: str
    at: Instant
    pool: tree.Pool
    lots: tuple[Lot | Renewing, ...]
    allotted: tuple[Allotments, Attributes] | None
    quantity: Exact
    reason: str
    overtaken: bool
    place: Place


class BoundRequest(Struct, frozen=True):
    """A refund or a pause asked for. `asked` is the purchase or the single lot named."""

    asked: str
    at: Instant
    pool: tree.Pool
    lots: tuple[Lot | Renewing, ...]
    pause: bool
    place: Place


@dataclass
class Bought:
    """Everything that an account holds or asks for beside its usage; how many requests for a package were granted
    before; of which lots requests speak that come when another version holds; and of which pools the data give a
    balance."""

    holdings: Holdings = field(default_factory=Holdings)
    purchases: list[BoundPurchase] = field(default_factory=list)
    extensions: list[BoundExtension] = field(default_factory=list)
    requests: list[BoundRequest] = field(default_factory=list)
    withdrawals: list[BoundWithdrawal] = field(default_factory=list)
    granted: dict[str, int] = field(default_factory=dict)
    asked_later: tuple[Lot | Renewing, ...] = ()
    opened: frozenset[str] = frozenset()
