"""The shape of a bill as JSON. `ratewright schema bill` prints its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Figure = Annotated[
    str,
    Field(
        description="An exact number: decimals, or a ratio such as 1/3 where decimals do not end.",
        pattern=r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$",
        examples=["796.00"],
    ),
]
Time = Annotated[
    str,
    Field(description="An instant in the tariff's timezone, ISO 8601.", examples=["2026-03-01T00:00:00+08:00"]),
]


class Shape(BaseModel):
    """What all parts share: no key but those that are named."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PeriodModel(Shape):
    """`[start, end)`: the end is the first instant that no longer belongs to it."""

    start: Time
    end: Time


class RuleModel(Shape):
    """Where the rule file says it."""

    file: str
    line: int


class ShareModel(Shape):
    """The part of a discount that one line takes; `amount` is what was left of that line."""

    source: str
    key: dict[str, str] | None = None
    period: PeriodModel
    amount: Figure
    share: Figure


class ChangeModel(Shape):
    """One statement of a contract that a line differs by; `before` and `after` are the list's words and its own."""

    operation: Literal["replaced", "scaled", "dropped", "added"]
    contract: str
    before: str
    after: str
    rule: RuleModel


class LineModel(Shape):
    """One line. What is taken off has a negative amount: refunds, discounts, payments, some corrections."""

    kind: Literal["charge", "purchase", "refund", "extension", "discount", "tax", "included", "payment", "correction"]
    source: Annotated[str, Field(description="The name in the rule file.")]
    label: Annotated[str, Field(description="What the line is called on the bill.")]
    key: Annotated[
        dict[str, str] | None, Field(description="What its usage is kept apart by.", examples=[{"region": "EU"}])
    ] = None
    corrects: Annotated[
        Literal[
            "charge", "discount", "tax", "included", "payment", "refund", "purchase", "extension", "rounding", "usage"
        ]
        | None,
        Field(description="Of a correction: the kind of line that it corrects; `usage` where no amount changes."),
    ] = None
    pays: Annotated[str | None, Field(description="Of a payment: the line that it pays, or `subtotal` or `total`.")] = (
        None
    )
    spread: Annotated[
        list[ShareModel] | None, Field(description="Of a discount on several lines: the share of each.")
    ] = None
    quantity: Annotated[Figure, Field(description="Of a period billed in parts, that of this part.")]
    so_far: Annotated[
        Figure | None,
        Field(description="Of a period billed in parts: the quantity of all of it until this part's end."),
    ] = None
    unit: str
    unit_price: Annotated[
        Figure | None, Field(description="The price of one unit, where the quantity times it is the exact amount.")
    ] = None
    tax_rate: Annotated[
        Figure | None, Field(description="Of a tax that is one share of what it is on: 0.2 for 20%.")
    ] = None
    exact: Annotated[Figure, Field(description="The amount before rounding.")]
    amount: Figure
    list_amount: Annotated[
        Figure | None, Field(description="Under a contract: what the list alone asks for the same usage.")
    ] = None
    contract: Annotated[
        list[ChangeModel] | None, Field(description="Under a contract: what makes the line differ from the list's.")
    ] = None
    at: Time | None = None
    period: PeriodModel | None = None
    rule: RuleModel


class AccountShareModel(Shape):
    """What one of the accounts that are billed together used of a meter, and its part of the lines on that alone."""

    account: str
    meter: str
    quantity: Figure
    unit: str
    amount: Figure


class UnservedModel(Shape):
    """Usage that nothing covered and that is not billed."""

    meter: str
    quantity: Figure
    unit: str
    reason: str


class BalanceModel(Shape):
    """What is left of a lot at the end; a next fixture takes it as it stands under `balances`."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: str
    lot: str
    remaining: Annotated[Figure, Field(description="Below 0 where the lot is overdrawn.")]
    unit: str
    size: Figure
    starts: Time | None = None
    expires: Time | None = None
    purchased: Time | None = None
    paid: Annotated[str | None, Field(description="What the lot cost, with its currency.")] = None
    list_price: Annotated[str | None, Field(description="Its price in the list that sold it.")] = None
    attributes: Annotated[
        dict[str, str] | None,
        Field(description="For which usage it is.", serialization_alias="with", validation_alias="with"),
    ] = None
    drawn: Annotated[
        Figure | None, Field(description="What was drawn of a lot that renews, before the cycle that is left.")
    ] = None
    withdrawn: Annotated[Figure | None, Field(description="What was taken back of the lot, if anything was.")] = None
    repaid: Annotated[
        Figure | None, Field(description="What the cycle paid back for the one before, which was overdrawn.")
    ] = None
    valid_from: Annotated[
        Time | None, Field(description="From when on a package that renews is valid, with all its cycles.")
    ] = None
    valid_until: Annotated[
        Time | None, Field(description="Until when a package that renews is valid, with all its cycles.")
    ] = None


class WithdrawalModel(Shape):
    """What was taken back of a lot, without money."""

    source: str
    lot: str
    at: Time
    quantity: Figure
    unit: str
    reason: str


class RefusalModel(Shape):
    """A request that was not granted."""

    request: Literal["refund", "pause"]
    purchase: str
    source: str
    at: Time
    reason: str


class LimitModel(Shape):
    """A limit in the period. Times in seconds."""

    source: str
    label: str
    unit: str
    capacity: Annotated[list[CapacityModel], Field(description="The capacity over time.")]
    tasks: int
    peak: Figure
    waited: int
    stuck: Annotated[int, Field(description="Tasks that never found room.")]
    waiting: Figure


class CapacityModel(Shape):
    start: Time
    end: Time
    capacity: Figure


class TariffModel(Shape):
    """The price list that was applied."""

    name: str
    title: str
    effective: str | None = None
    file: str
    contracts: Annotated[list[str] | None, Field(description="The contracts that held, by their titles.")] = None


class FileModel(Shape):
    """A file that the bill was made from: its name as the user gave it, and the digest of its bytes."""

    file: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class MadeFromModel(Shape):
    """What the bill was made by and from."""

    engine: Annotated[str, Field(description="The version of ratewright.")]
    files: list[FileModel]


class LateModel(Shape):
    """Usage of an earlier period that this bill heard of, from when to when it is, and when it was reported."""

    id: str | None = None
    meter: str
    start: Time
    end: Time
    reported: Time
    quantity: Figure
    unit: str


class BillModel(Shape):
    """The bill of one account for one period."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Bill")

    version: Annotated[Literal["ratewright/bill/1"], Field(serialization_alias="schema", validation_alias="schema")] = (
        "ratewright/bill/1"
    )
    account: str
    fields: Annotated[
        dict[str, str] | None,
        Field(description="Texts of the account's data: whose bill it is, its number, when it is due."),
    ] = None
    tariff: str
    price_list: TariffModel
    period: PeriodModel
    currency: str
    timezone: str
    tzdata: str
    charges: Annotated[Figure, Field(description="The charges with what was bought and given back.")]
    subtotal: Annotated[Figure, Field(description="The charges less the discounts.")]
    corrections: Annotated[
        Figure | None, Field(description="What corrections of earlier bills, their taxes among them, come to.")
    ] = None
    total: Annotated[Figure, Field(description="What pools left of the subtotal, with the taxes and the corrections.")]
    due: Annotated[Figure, Field(description="What pools left of the total: what is to be paid.")]
    lines: list[LineModel]
    shares: Annotated[
        list[AccountShareModel] | None,
        Field(description="Of each meter of which a sub-account used something: the shares of the accounts."),
    ] = None
    unserved: list[UnservedModel]
    balances: list[BalanceModel]
    withdrawals: Annotated[
        list[WithdrawalModel] | None, Field(description="What was taken back of lots, if anything was.")
    ] = None
    refusals: list[RefusalModel]
    limits: list[LimitModel]
    late: Annotated[
        list[LateModel] | None, Field(description="Records of earlier periods that were reported in this one.")
    ] = None
    made_from: Annotated[
        MadeFromModel | None, Field(description="The engine's version and the files; only where files were read.")
    ] = None
    invoiced: Annotated[
        list[str], Field(description="First and last day on which the bill is issued; empty if not stated.")
    ]


class StatementModel(Shape):
    """The bills of consecutive periods and their sum."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Statement")

    version: Annotated[
        Literal["ratewright/statement/1"], Field(serialization_alias="schema", validation_alias="schema")
    ] = "ratewright/statement/1"
    account: str
    tariff: str
    period: PeriodModel
    currency: str
    total: Figure
    due: Figure
    bills: list[BillModel]
