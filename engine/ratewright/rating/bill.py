"""A bill: its lines, what was not billed, what is left, and the trace behind every figure."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct
from whenever import Date, Instant

from ratewright.derivation import trace
from ratewright.derivation.value_texts import ValueText
from ratewright.diagnostics import Span
from ratewright.meaning import nodes as tree
from ratewright.quota.balances import Balance
from ratewright.values.calendar import Calendar, Period
from ratewright.values.exact import Exact, summed
from ratewright.values.units import Unit


class LineKind(Enum):
    """What a line stands for."""

    __hash__ = object.__hash__  # each is one object; the hash of Enum is a function in Python, asked for every line

    CHARGE = "charge"
    PURCHASE = "purchase"
    REFUND = "refund"
    EXTENSION = "extension"
    DISCOUNT = "discount"
    TAX = "tax"
    INCLUDED = "included"
    PAYMENT = "payment"
    CORRECTION = "correction"


class Line(Struct, frozen=True, gc=False):
    """One line of a bill.

    `source` is the name in the rule file, `quantity` in base units of `unit`, `exact` the amount before
    rounding and `amount` the one billed (negative where money goes back). `at` is the day of a purchase, `period`
    the period of a charge; one that is billed in advance has both. `key` is what its usage is kept apart by. Where a
    period is billed in parts, `quantity` is that of the part and `so_far` that of the whole period until its end.
    """

    kind: LineKind
    source: str
    label: str
    quantity: Exact
    unit: Unit
    exact: Exact
    amount: Exact
    at: Instant | None
    period: Period | None
    rule: Span
    cite: str
    why: (
        trace.ChargeTrace
        | trace.PurchaseTrace
        | trace.ExtensionTrace
        | trace.RefundTrace
        | trace.PaymentTrace
        | trace.CorrectionTrace
    )
    key: tuple[tuple[str, str], ...] = ()
    so_far: Exact | None = None

    @property
    def contract(self) -> trace.ContractTrace | None:
        """What a contract made of it, where there is something to tell."""
        match self.why:
            case trace.ChargeTrace() | trace.PurchaseTrace() | trace.CorrectionTrace():
                return self.why.contract
        return None

    @property
    def by_list(self) -> Exact | None:
        """What the list alone asks; None where that is not known."""
        under = self.contract
        if under is None:
            return self.amount
        return under.by_list if under.known else 0


class MadeFrom(Struct, frozen=True, gc=False):
    """What a bill was made by and from: the version of the engine, and the files that it read, each by the name that
    its user gave it, with the SHA-256 of its bytes."""

    files: tuple[tuple[str, str], ...]

    @property
    def engine(self) -> str:
        """The version of the engine; looked up for those who tell it, since that takes its time."""
        from importlib.metadata import version

        return version("ratewright")


class Bill(Struct, frozen=True, gc=False):
    """What an account owes for one period, and why.

    `charges` are the lines of charges with what was bought and given back; `subtotal` is that less the
    discounts; `total` is what pools left of it, with the taxes, rounded again where the rules round per bill, and
    the `corrections` of earlier bills; `due` is what pools left of the total. `settings` hold the values at
    the period's start and every change inside it. `reached` are the cells of tables that were looked up, `away`
    the lines that a condition kept away, `nothing` the usage of which nothing is left to charge, `late` the records of
    earlier periods that this bill heard of, `granted` how many refunds of each package were granted so far, `funds` the
    lots of pools of money; those of other pools stand with their meters. `gone` are lots that were over by its end, of
    which a request speaks when another version holds. `shares` are those of accounts that are billed together,
    `made_from` is known where files were read, and `fields` are texts that the account's data give the bill.
    """

    account: str
    tariff: tree.Tariff
    calendar: Calendar
    period: Period
    lines: tuple[Line, ...]
    meters: tuple[trace.MeterTrace, ...]
    limits: tuple[trace.LimitTrace, ...]
    refusals: tuple[trace.RefundTrace | trace.PauseTrace, ...]
    balances: tuple[Balance, ...]
    settings: tuple[tuple[tree.Setting, tuple[tuple[Instant | None, ValueText], ...]], ...]
    invoiced: tuple[Date, Date] | None
    exact_total: Exact
    total: Exact
    rounding: trace.RoundingTrace
    tzdata: str
    charges: Exact = 0
    subtotal: Exact = 0
    due: Exact = 0
    reached: frozenset[Span] = frozenset()
    away: tuple[trace.AwayTrace, ...] = ()
    funds: tuple[trace.FundTrace, ...] = ()
    corrections: Exact = 0
    nothing: tuple[trace.NothingTrace, ...] = ()
    late: tuple[trace.LateRecord, ...] = ()
    granted: tuple[tuple[str, int], ...] = ()
    gone: tuple[Balance, ...] = ()
    shares: tuple[trace.AccountShare, ...] = ()
    made_from: MadeFrom | None = None
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def unserved(self) -> tuple[trace.UnservedTrace, ...]:
        return tuple(u for m in self.meters for u in m.unserved)


class Statement(Struct, frozen=True, gc=False):
    """Bills of consecutive periods and their sum."""

    account: str
    tariff: tree.Tariff
    calendar: Calendar
    period: Period
    bills: tuple[Bill, ...]
    total: Exact
    made_from: MadeFrom | None = None

    @property
    def due(self) -> Exact:
        """What is to be paid of them."""
        return summed(bill.due for bill in self.bills)
