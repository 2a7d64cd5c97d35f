"""The JSON comparison as pydantic models, and the JSON Schema made from them. Imported on demand only."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from ratewright.explain.machine.json_schema import EXACT, Amount, Note, Period, Quantity, Quoted, RulePlace, Tariff


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


Input = Literal["used", "bought", "late", "held", "settings", "list", "calendar"]


class Side(_Model):
    """One of the two bills: of which period, from which file of usage, by which price lists, and what is due by it."""

    period: Period
    usage: str
    tariffs: list[Tariff]
    due: str = Field(pattern=EXACT)


class Part(_Model):
    """What one thing adds to the difference. It is between `least` and `most`, where orders of exchange differ."""

    aspect: Literal["used", "quota", "unserved", "quantity", "row", "price", "slice", "amount", "rest", "rounding"]
    source: str
    label: str
    quantity: Quantity | None
    how: str
    amount: Amount
    least: str = Field(pattern=EXACT)
    most: str = Field(pattern=EXACT)
    notes: list[Note]
    figures: dict[str, JsonValue]
    rule: RulePlace | None = None


class Section(_Model):
    """The parts of the inputs that were exchanged at once; of none for what is rounded."""

    inputs: list[Input]
    title: str
    remark: str
    notes: list[Note]
    rows: list[Part]


class Sum(Amount):
    """What is due by each bill, and the difference, to which all parts add up.

    `name` is `was`, `now` or `difference`, and between the first two the inputs of each section with what it adds.
    """

    name: str
    label: str


class Comparison(_Model):
    """What changed between two bills, and why. `idle` inputs differ and make no difference."""

    schema_: Literal["ratewright/comparison/1"] = Field(alias="schema")
    detail: Literal["short", "normal", "full"]
    language: str
    title: str
    heading: list[str]
    account: str
    currency: str
    method: Literal["in-turn", "shapley"]
    orders: str
    was: Side
    now: Side
    sections: list[Section]
    idle: list[Input]
    notes: list[Note]
    sums: list[Sum]
    rules: list[Quoted] | None = None


def comparison_schema() -> dict[str, Any]:
    """The JSON Schema of the JSON comparison."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "ratewright/comparison/1",
        "title": "Comparison of two bills",
        **Comparison.model_json_schema(by_alias=True),
    }
