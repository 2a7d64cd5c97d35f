"""The shape of a fixture: which keys there are, what each holds, and which must be given.

The models take the tree with every value still text, and read each value as its key says. They are the
one definition of the shape; the JSON Schema is made from them. Records are the exception in the way they
are read, not in their definition: there may be millions, in tables too, so `record_texts.py` reads them.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    model_validator,
)
from pydantic_core import PydanticCustomError
from whenever import Date

from ratewright.usage import codes
from ratewright.usage.schema_values import (
    AmountText,
    CountText,
    ExactText,
    MaybeAmount,
    MaybeDay,
    MaybeExact,
    MaybeMoment,
    MaybeName,
    MaybePeriod,
    MaybeZone,
    MomentKey,
    MomentText,
    Name,
    PlainSchema,
    SettingText,
    ValueText,
    WrittenText,
    empty_list,
    empty_mapping,
)


class Shape(BaseModel):
    """What all parts of a fixture share: no key but those that are named."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


Attributes = Annotated[dict[Name, ValueText], Field(min_length=1)]
"""For which usage a lot is, by the names of its pool's `scope`."""


def _one_of(*keys: str) -> dict[str, Any]:
    return {"oneOf": [{"required": [key]} for key in keys]}


def _problem(code: str, message: str, help: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{message}", {"message": message, "help": help})


class GrantModel(Shape):
    """The size that the account's own data give a grant (`size per account`)."""

    grant: Name = Field(description="the name of the grant in the rule file", examples=["free_quota"])
    size: AmountText = Field(description="its size for this account", examples=["100 pics"])
    attributes: Attributes = Field(
        {}, alias="with", description="for which usage it is, by its `scope`", examples=[{"region": "EU"}]
    )


class BalanceModel(Shape):
    """What is left of a lot at the opening."""

    model_config = ConfigDict(json_schema_extra=_one_of("grant", "package", "source"))

    source: MaybeName = Field(
        None, description="the grant or package, as a bill's own balances name it", examples=["free_quota"]
    )
    grant: MaybeName = Field(None, description="the grant that the lot is of", examples=["free_quota"])
    package: MaybeName = Field(None, description="the package that the lot is of", examples=["resource_package"])
    remaining: ExactText = Field(description="what is left of the lot", examples=["50 pics"])
    unit: MaybeName = Field(
        None, description="the unit of `remaining`, `size` and `drawn`, where they have none", examples=["pics"]
    )
    lot: MaybeName = Field(None, description="the lot's name, as a bill writes it", examples=["p1"])
    expires: MaybeMoment = Field(None, description="from when on it covers nothing", examples=["2027-01-05"])
    starts: MaybeMoment = Field(None, description="from when on it covers usage", examples=["2026-01-05"])
    size: MaybeExact = Field(None, description="its size when it was new", examples=["10,000 pics"])
    purchased: MaybeMoment = Field(None, description="when it was bought", examples=["2026-01-05T09:00:00+08:00"])
    paid: MaybeExact = Field(None, description="what was paid for it", examples=["550 USD"])
    attributes: Attributes = Field(
        {}, alias="with", description="for which usage it is, by its `scope`", examples=[{"region": "EU"}]
    )
    drawn: MaybeExact = Field(
        None, description="what was drawn of a lot that renews, before the cycle that is left", examples=["200 pics"]
    )

    @model_validator(mode="after")
    def _one_pool(self) -> BalanceModel:
        given = [name for name in ("grant", "package", "source") if getattr(self, name) is not None]
        if len(given) != 1:
            how = f"both `{given[0]}` and `{given[1]}`" if given else "neither `grant` nor `package`"
            raise _problem(codes.NOT_TOGETHER, f"a balance has {how}", "name the one that the lot is of")
        return self


class PurchaseModel(Shape):
    """Lots of one size of a package, bought together."""

    id: Name = Field(description="a name for the purchase, to refer to", examples=["p1"])
    package: Name = Field(description="the name of the package in the rule file", examples=["resource_package"])
    size: AmountText = Field(description="the size that was bought", examples=["10,000 pics"])
    count: CountText = Field(1, description="how many of that size", examples=[3])
    at: MomentText = Field(description="when it was bought", examples=["2026-02-01T09:00:00+08:00"])
    attributes: Attributes = Field(
        {}, alias="with", description="for which usage it is, by its `scope`", examples=[{"class": "STANDARD"}]
    )
    paid: MaybeAmount = Field(
        None, description="what was paid for all of it, where that is not the list's price", examples=["3.46 USD"]
    )


class ExtensionModel(Shape):
    """More capacity of a limit, for a number of terms."""

    id: Name = Field(description="a name for the extension, to refer to", examples=["c1"])
    limit: Name = Field(description="the name of the limit in the rule file", examples=["concurrency"])
    extend: AmountText = Field(description="by how much it is extended", examples=["2 tasks"])
    term: Name = Field(description="the length of one term", examples=["month", "day"])
    terms: CountText = Field(1, description="for how many terms", examples=[1])
    start: MomentText = Field(alias="from", description="when the first term begins", examples=["2026-03-01"])


class RequestModel(Shape):
    """A wish about a purchase or a lot: its money back, or its quota on hold."""

    purchase: Name = Field(description="the id of the purchase, or the name of a lot of the balances", examples=["p1"])
    at: MomentText = Field(description="when it was asked for", examples=["2026-02-03T10:00:00+08:00"])


class ExpectModel(Shape):
    """What the bill must be: `total: 796.00 USD`; each further key is a figure of the bill."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[Name, WrittenText]

    period: MaybePeriod = Field(None, description="the month or day of the bill", examples=["2026-03", "2026-03-02"])
    first: MaybePeriod = Field(None, alias="from", description="the first month or day", examples=["2026-03"])
    last: MaybePeriod = Field(None, alias="to", description="the last month or day, included", examples=["2026-05"])

    @model_validator(mode="after")
    def _periods(self) -> ExpectModel:
        if self.period is not None and (self.first is not None or self.last is not None):
            raise _problem(
                codes.NOT_TOGETHER,
                "an expectation has `period` beside `from` or `to`",
                "write one or the other",
            )
        if (self.first is None) != (self.last is None):
            raise _problem(codes.NOT_TOGETHER, "an expectation has one of `from` and `to`", "write both, or `period`")
        if self.first is not None and self.last is not None and self.last[1] <= self.first[0]:
            raise _problem(codes.NOT_BEFORE, "`to` is before `from`", "write the earlier month or day as `from`")
        if not self.__pydantic_extra__:
            raise _problem(codes.EXPECTS_NOTHING, "this expects nothing", "add a figure, such as `total: 796.00 USD`")
        return self

    @property
    def figures(self) -> dict[str, str]:
        """What is expected of each figure, as written."""
        return dict(self.__pydantic_extra__)

    @property
    def ends(self) -> tuple[Date | None, Date | None]:
        """The first date of all that is asked for, and the first date after; None for every bill."""
        if self.period is not None:
            return self.period
        return (self.first[0], self.last[1]) if self.first and self.last else (None, None)


class RecordModel(Shape):
    """A piece of usage: an event (`at`), a state (`from` … `to`) or a total (`in`).

    Further keys are fields of the meter.
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "allOf": [
                {"oneOf": [{"required": ["at"]}, {"required": ["in"]}, {"required": ["from", "to"]}]},
                {"not": {"required": ["quantity", "measured"]}},
            ]
        },
    )
    __pydantic_extra__: dict[Name, ValueText]

    meter: Name = Field(description="the name of the meter in the rule file", examples=["image_style_transfer"])
    at: MaybeMoment = Field(None, description="the instant of an event", examples=["2026-03-02T10:00:00Z"])
    within: MaybePeriod = Field(None, alias="in", description="the month or day of a total", examples=["2026-03"])
    start: MaybeMoment = Field(None, alias="from", description="from when a state held", examples=["2026-04-01"])
    end: MaybeMoment = Field(None, alias="to", description="until when it held, excluded", examples=["2026-04-16"])
    quantity: MaybeAmount = Field(
        None, description="how much; an event without it counts 1", examples=[10000, "9.31 GB"]
    )
    measured: MaybeAmount = Field(
        None, description="the meter's result, in place of the records it is made from", examples=["120 Mbps"]
    )
    id: MaybeName = Field(None, description="with `source`, what makes the record one and the same", examples=["e-17"])
    source: MaybeName = Field(None, description="who made the id; the fixture if left out", examples=["gateway"])
    subaccount: MaybeName = Field(None, description="one of `subaccounts`", examples=["acme-eu"])
    lasts: MaybeAmount = Field(None, description="how long the event took", examples=["40 s"])
    reported: MaybeMoment = Field(
        None, description="when a record that came late became known", examples=["2026-04-03T09:00:00Z"]
    )


class FileModel(Shape):
    """A CSV or JSON Lines file of records, in the folder of the fixture."""

    file: Name = Field(description="its path, relative to the fixture", examples=["acme-2026-03.csv"])
    meter: MaybeName = Field(None, description="the meter of records that name none", examples=["image_style_transfer"])


RECORD_KEYS = tuple(field.alias or name for name, field in RecordModel.model_fields.items())


def _purchase_kind(value: Any) -> str:
    return "kind:limit" if isinstance(value, dict) and "limit" in value else "kind:package"


def _setting_kind(value: Any) -> str:
    return "kind:dated" if isinstance(value, dict) else "kind:plain"


def _as_it_is(value: Any) -> Any:
    return value


Purchased = Annotated[
    Annotated[PurchaseModel, Tag("kind:package")] | Annotated[ExtensionModel, Tag("kind:limit")],
    Discriminator(_purchase_kind),
]
SettingValue = Annotated[
    Annotated[SettingText, Tag("kind:plain")]
    | Annotated[dict[MomentKey, SettingText], Field(min_length=1), Tag("kind:dated")],
    Discriminator(_setting_kind),
]
UsageEntry = Annotated[Any, PlainValidator(_as_it_is, json_schema_input_type=FileModel | RecordModel)]


class FixtureModel(Shape):
    """What one account used, bought and asked for."""

    account: Name = Field(description="the account's name", examples=["acme"])
    tariff: MaybeName = Field(
        None,
        description="the name of the tariff that the account is billed by; `ratewright test` finds it by that",
        examples=["tencent_hy_image"],
    )
    version: MaybeDay = Field(
        None, description="a day of the earlier price list that the account is kept on", examples=["2026-01-21"]
    )
    activated: MaybeMoment = Field(
        None, description="when the account was activated", examples=["2026-01-05T09:00:00+08:00"]
    )
    opening: MaybeMoment = Field(None, description="the moment that `balances` are of", examples=["2026-02-01"])
    timezone: MaybeZone = Field(
        None, description="the IANA timezone of times without an offset", examples=["Asia/Shanghai"]
    )
    subaccounts: Annotated[list[Name], BeforeValidator(empty_list)] = Field(
        [], description="the accounts billed with this one", examples=[["acme-eu", "acme-us"]]
    )
    settings: Annotated[dict[Name, SettingValue], BeforeValidator(empty_mapping)] = Field(
        {},
        description="settings of the rule file: a value, or a value for each moment from which it holds",
        examples=[{"postpaid": "on", "plan": {"2026-01-10": "pro"}}],
    )
    grants: Annotated[list[GrantModel], BeforeValidator(empty_list)] = Field(
        [], description="sizes of grants per account"
    )
    balances: Annotated[list[BalanceModel], BeforeValidator(empty_list)] = Field(
        [], description="what is left from before"
    )
    purchases: Annotated[list[Purchased], BeforeValidator(empty_list)] = Field(
        [], description="packages bought, and extensions of limits"
    )
    refunds: Annotated[list[RequestModel], BeforeValidator(empty_list)] = Field([], description="refunds asked for")
    pauses: Annotated[list[RequestModel], BeforeValidator(empty_list)] = Field([], description="quota put on hold")
    usage: Annotated[list[UsageEntry], BeforeValidator(empty_list)] = Field(
        [], description="records, and files of records"
    )
    history: Annotated[list[UsageEntry], BeforeValidator(empty_list)] = Field(
        [], description="records from before `opening`, for measures that look back at them"
    )
    expect: Annotated[list[ExpectModel], BeforeValidator(empty_list)] = Field(
        [], description="what the bills must be; checked by `ratewright test`"
    )


MODELS: dict[str, tuple[type[Shape], str]] = {
    "": (FixtureModel, "a fixture"),
    "grants": (GrantModel, "a grant"),
    "balances": (BalanceModel, "a balance"),
    "purchases": (PurchaseModel, "a purchase"),
    "purchases kind:limit": (ExtensionModel, "an extension of a limit"),
    "refunds": (RequestModel, "a refund"),
    "pauses": (RequestModel, "a pause"),
    "expect": (ExpectModel, "an expectation"),
}
"""The model of each part of a fixture, and what a message calls it."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a fixture as users write it, numbers as numbers or as text."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **FixtureModel.model_json_schema(by_alias=True, schema_generator=PlainSchema, mode="validation"),
    }
