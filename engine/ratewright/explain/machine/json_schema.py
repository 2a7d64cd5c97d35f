"""The JSON explanation as pydantic models, and the JSON Schema made from them. Imported on demand only."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

EXACT = r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Note(_Model):
    """What a line says of itself, a reason, a hint, and in the full length a detail, the source's words, the rule's
    place."""

    kind: Literal["said", "why", "hint", "more", "quote", "rule"]
    text: str


class Quantity(_Model):
    """`value` is exact, in `unit`; `text` is for readers."""

    value: str = Field(pattern=EXACT)
    unit: str
    text: str


class Amount(_Model):
    """`value` is what is billed, `exact` the amount before rounding."""

    value: str = Field(pattern=EXACT)
    exact: str = Field(pattern=EXACT)
    currency: str
    text: str


class Total(Amount):
    """The sum of a bill or of a statement."""

    notes: list[Note]


class RulePlace(_Model):
    """Where a rule is written: the file by the name that its user gave it, and the line."""

    file: str
    line: int


class Sum(Total):
    """The foot of a bill, in its order. A row of the kind `sum` is the sum before it with the steps between them; the
    last is what is to be paid. A step has the name of its rule; a tax has what it is on as its `quantity`."""

    kind: Literal["sum", "discount", "payment", "tax", "correction", "rounding"]
    name: str
    label: str
    how: str
    quantity: Quantity | None
    rule: RulePlace | None = None


class Row(_Model):
    """One entry. `figures` are those of the trace: exact strings, in the `unit` that they name."""

    kind: Literal[
        "source",
        "charge",
        "discount",
        "tax",
        "included",
        "payment",
        "correction",
        "fund",
        "away",
        "unserved",
        "limit",
        "extension",
        "purchase",
        "refund",
        "pause",
        "setting",
        "balance",
        "share",
    ]
    name: str
    label: str
    quantity: Quantity | None
    how: str
    amount: Amount | None
    notes: list[Note]
    figures: dict[str, JsonValue]
    rule: RulePlace | None = None


class Link(_Model):
    """Words that lead to the bill of a statement, or the section, with the `id` of `target`."""

    text: str
    target: str


class Table(_Model):
    """Figures side by side. Each row has a cell for each head, and so has `foot` unless there is none.

    `reasons` hold for each row: in them `‹head›` is what the row has under that head.
    """

    name: str
    title: str
    heads: list[str]
    rows: list[list[Amount | Quantity | Link | str | None]]
    foot: list[Amount | Quantity | Link | str | None]
    notes: list[Note]
    reasons: list[Note]


class Section(_Model):
    """What belongs together. `quantity` is what was used of a meter; `id` is there where a link leads to it."""

    id: str | None = None
    kind: Literal[
        "fields",
        "lines",
        "meter",
        "charges",
        "records",
        "idle",
        "limits",
        "purchases",
        "refunds",
        "pauses",
        "corrections",
        "discounts",
        "taxes",
        "included",
        "payments",
        "funds",
        "away",
        "settings",
        "balances",
        "shares",
        "nothing",
        "summary",
    ]
    name: str
    title: str
    quantity: Quantity | None
    remark: str
    notes: list[Note]
    rows: list[Row]
    tables: list[Table]
    figures: dict[str, JsonValue]
    rule: RulePlace | None = None


class Period(_Model):
    """From `start` until before `end`, both in UTC."""

    text: str
    start: str
    end: str


class Tariff(_Model):
    """The price list."""

    name: str
    title: str
    file: str
    effective: str | None
    until: str | None
    timezone: str
    source: str


class Issued(_Model):
    """The first and the last day on which the bill may be issued."""

    first: str
    last: str


class File(_Model):
    """A file that the bill was made from: its name as the user gave it, and the SHA-256 of its bytes."""

    file: str
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class MadeFrom(_Model):
    """The version of the engine, and the files."""

    engine: str
    files: list[File]


class _Bill(_Model):
    title: str
    period: Period
    issued: Issued | None
    tzdata: str
    made_from: MadeFrom | None
    summary: list[Section]
    sections: list[Section]
    notes: list[Note]
    sums: list[Sum]
    total: Total


class StatementBill(_Bill):
    """One bill of a statement."""

    id: str


class QuotedLine(_Model):
    """A line of a rule file."""

    line: int
    text: str


class Quoted(_Model):
    """For the full length, what is told of in a rule file, as it was read."""

    file: str
    lines: list[QuotedLine]


class _Whole(_Model):
    schema_: Literal["ratewright/explanation/1"] = Field(alias="schema")
    detail: Literal["short", "normal", "full"]
    language: str
    heading: list[str]
    account: str
    fields: dict[str, str]
    currency: str
    tariff: Tariff
    rules: list[Quoted] | None = None


class BillExplanation(_Whole, _Bill):
    """The explanation of one bill."""

    kind: Literal["bill"]


class StatementExplanation(_Whole):
    """The explanation of the bills of consecutive periods, and their sum."""

    kind: Literal["statement"]
    title: str
    period: Period
    summary: list[Section]
    bills: list[StatementBill]
    sums: list[Sum]
    total: Total


def explanation_schema() -> dict[str, Any]:
    """The JSON Schema of the JSON explanation."""
    from pydantic import TypeAdapter

    adapter: TypeAdapter[BillExplanation | StatementExplanation] = TypeAdapter(BillExplanation | StatementExplanation)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "ratewright/explanation/1",
        "title": "Explanation of a bill or statement",
        **adapter.json_schema(by_alias=True),
    }
