"""What an account used, bought and asked for: the one shape that every reader makes and rating takes.

Values are as written where their meaning needs the rule file: an `Amount` keeps its unit's name, a
`Moment` may be a local date, a field is text. Rating binds them to a tariff. `place` says where each
thing stands in its file, for messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from msgspec import Struct

from ratewright.diagnostics import Source, Span, line_span
from ratewright.values.calendar import Moment
from ratewright.values.exact import Exact, plain


class Amount(NamedTuple):
    """A number with the unit it was written with, if any: `315 hours`, `10000`. Whether it may be below 0 is for what
    reads it to say."""

    number: Exact
    unit: str | None = None


class FieldAmount(Amount):
    """An amount whose number and unit do not give its text back: `1.10`, `1,000 MB`.

    The tariff may call such a field a text, and there `1.10` is not `1.1`. Made by `of`, read by
    `field_text`.
    """

    written: str

    @classmethod
    def of(cls, amount: Amount, written: str) -> FieldAmount:
        made = cls(*amount)
        made.written = written
        return made


def field_text(value: str | Amount) -> str:
    """The text of a field or setting as it was written, for those that the tariff declares as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, FieldAmount):
        return value.written
    return plain(value.number) if value.unit is None else f"{plain(value.number)} {value.unit}"


class Place(Struct, frozen=True, gc=False):
    """A line of a file that was read; `path` names the item inside it, as `purchases[2].at`, but for records."""

    source: Source
    line: int
    path: str = ""

    @property
    def span(self) -> Span:
        return line_span(self.source, self.line)


class Form(Enum):
    """What a record stands for."""

    EVENT = "event"
    """Something at an instant (`at`)."""
    STATE = "state"
    """Something that held from `from` until `to`."""
    TOTAL = "total"
    """Many records of a day or a month together (`in`)."""


Fields = Mapping[str, str | Amount]
"""What is written of fields or of a scope, by name."""


class Record(Struct, frozen=True, gc=False):
    """One piece of usage. `end` is exclusive, and None for an event.

    `id` is None for a record that was given none: it is always one of its own. `reported` is when a record
    that came late became known; None for one that was known when it happened. Of one that a change of the list
    cut, each part says from when until when the `whole` is, and one that is history `goes_on`. There may be millions,
    and none of them holds anything that could hold it, so that the search for circular garbage leaves them out.
    """

    id: str | None
    source: str
    meter: str
    form: Form
    start: Moment
    end: Moment | None
    quantity: Amount
    place: Place
    fields: Fields = {}
    subaccount: str | None = None
    lasts: Amount | None = None
    measured: bool = False
    reported: Moment | None = None
    whole: tuple[Moment, Moment] | None = None
    goes_on: bool = False


class Purchase(Struct, frozen=True):
    """`count` lots of one size of a package, bought at one time.

    `attributes` say what they pay for only: a region, a class. `paid` is what was paid for all of them
    together, where it was not their price.
    """

    id: str
    package: str
    size: Amount
    count: int
    at: Moment
    place: Place
    attributes: Fields = {}
    paid: Amount | None = None


class Extension(Struct, frozen=True):
    """More capacity of a limit: `amount` for `terms` terms (`day`, `month`) from a moment on."""

    id: str
    limit: str
    amount: Amount
    term: str
    terms: int
    start: Moment
    place: Place


class Request(Struct, frozen=True):
    """A wish about a purchase: its money back, or its quota on hold."""

    purchase: str
    at: Moment
    place: Place


class Withdrawal(Struct, frozen=True):
    """A part of what is left that is taken back without money: of a grant or a package, or of one purchase."""

    quantity: Amount
    at: Moment
    place: Place
    pool: str | None = None
    purchase: str | None = None
    reason: str = ""
    attributes: Fields = {}


class GrantSize(Struct, frozen=True):
    """The size that an account's own data give a grant (`size per account`), for the usage of `attributes`."""

    grant: str
    size: Amount
    place: Place
    attributes: Fields = {}


class Balance(Struct, frozen=True):
    """What is left of a lot at the opening. `lot` names it as a bill does; the rest is there for refunds.

    Of a lot that renews it is what is left of one cycle; `drawn` is what was drawn of the lot before it. `withdrawn`
    is what was taken back of it, `repaid` what the cycle paid back of the one before. `remaining` is below 0 where it
    is overdrawn. One that is given `anew` has its size by the list, less what it repaid. `valid_from` and `valid_until`
    are the validity of a package that renews, with all its cycles. `list_price` is that of the list that sold it.
    """

    source: str
    remaining: Amount
    place: Place
    lot: str | None = None
    expires: Moment | None = None
    starts: Moment | None = None
    size: Amount | None = None
    purchased: Moment | None = None
    paid: Amount | None = None
    attributes: Fields = {}
    drawn: Amount | None = None
    withdrawn: Amount | None = None
    repaid: Amount | None = None
    anew: bool = False
    refunded: Moment | None = None
    valid_from: Moment | None = None
    valid_until: Moment | None = None
    list_price: Amount | None = None


class SettingChange(Struct, frozen=True):
    """A setting's value as written, from a moment on; from the beginning if `at` is None."""

    setting: str
    value: str | Amount
    at: Moment | None
    place: Place


class Expectation(Struct, frozen=True):
    """What a fixture says its bill must be: a subject (`total`, a line, `drawn(p1)`) and its value.

    `[start, end)` are the local dates of the billing months or days asked for: `period: 2026-03` ends on
    2026-04-01. Both are None for all.
    """

    start: Moment | None
    end: Moment | None
    subject: str
    value: str
    place: Place


class ContractFile(Struct, frozen=True):
    """A contract's file that a fixture names: its path, as readers know it and as it is opened."""

    name: str
    path: str
    place: Place


@dataclass(frozen=True)
class Usage:
    """Everything known of one account.

    `tariff` names the price list it is for, if the fixture says so, and `version` the earlier one that it is kept
    on, by a day on which that held; `currency` is the one of the list in which it is billed; `line` is where it
    begins in its source. `history` are records from before the opening, for measures that look back further than
    their period, None if they are not known; `granted` says how many refunds of a package were granted before it,
    where that is known; `openings` are those that came before the present one, the first being that before which no
    records are known. `gone` are purchased lots that were over by the opening and of which a request speaks,
    `asked_later` what requests name that come when another version holds. `contracts` are files that say what
    differs from the price list, `fields` texts for the bill, which nothing is computed from.
    """

    account: str
    source: Source
    tariff: str | None = None
    activated: Moment | None = None
    opening: Moment | None = None
    subaccounts: tuple[str, ...] = ()
    settings: tuple[SettingChange, ...] = ()
    grants: tuple[GrantSize, ...] = ()
    balances: tuple[Balance, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    extensions: tuple[Extension, ...] = ()
    refunds: tuple[Request, ...] = ()
    pauses: tuple[Request, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    records: tuple[Record, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    line: int = 1
    version: str | None = None
    currency: str | None = None
    history: tuple[Record, ...] | None = None
    openings: tuple[Moment | None, ...] = ()
    granted: tuple[tuple[str, int], ...] = ()
    gone: tuple[Balance, ...] = ()
    asked_later: frozenset[str] = frozenset()
    contracts: tuple[ContractFile, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def known_from(self) -> Moment | None:
        """The opening before which no records are known; None if all are."""
        if self.openings:
            return self.openings[0]
        return None if self.history is not None else self.opening
