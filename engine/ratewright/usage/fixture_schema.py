"""The shape of a fixture: which keys there are, what each holds, and which must be given.

The models take the tree with every value still text, and read each value as its key says. They are the
one definition of the shape; the JSON Schema is made from them. Records are the exception in the way they
are read, not in their definition: there may be millions, in tables too, so `record_texts.py` reads them.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic_core import PydanticCustomError, SchemaValidator, core_schema
from whenever import Date

from ratewright.usage import codes
from ratewright.usage.model import Amount, Fields
from ratewright.usage.schema_values import (
    AMOUNT,
    COUNT,
    DAY,
    EXACT,
    FIELD,
    MOMENT,
    MOMENT_KEY,
    NAME,
    PERIOD,
    SETTING,
    SIGNED,
    STRETCH,
    TAKEN_BACK,
    WRITTEN,
    ZONE,
    JsonSchema,
    Value,
    Values,
    list_of,
    mapping_of,
    mapping_or_nothing,
    one_of,
    one_or_several,
)
from ratewright.usage.shapes import Shape, key
from ratewright.values.calendar import Moment

ATTRIBUTES = mapping_of(NAME, FIELD)
"""For which usage a lot is, by the names of its pool's `scope`."""


def _problem(code: str, message: str, help: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{message}", {"message": message, "help": help})


class GrantModel(Shape):
    """The size that the account's own data give a grant (`size per account`)."""

    grant: str = key(NAME, "the name of the grant in the rule file", examples=["free_quota"])
    size: Amount = key(AMOUNT, "its size for this account", examples=["100 pics"])
    attributes: Fields = key(
        ATTRIBUTES, "for which usage it is, by its `scope`", {}, name="with", examples=[{"region": "EU"}]
    )


class BalanceModel(Shape):
    """What is left of a lot at the opening."""

    rules: ClassVar = {"oneOf": [{"required": [name]} for name in ("grant", "package", "source")]}

    source: str | None = key(
        NAME, "the grant or package, as a bill's own balances name it", None, examples=["free_quota"]
    )
    grant: str | None = key(NAME, "the grant that the lot is of", None, examples=["free_quota"])
    package: str | None = key(NAME, "the package that the lot is of", None, examples=["resource_package"])
    remaining: Amount = key(SIGNED, "what is left of the lot; below 0 where it is overdrawn", examples=["50 pics"])
    unit: str | None = key(
        NAME, "the unit of `remaining`, `size` and `drawn`, where they have none", None, examples=["pics"]
    )
    lot: str | None = key(NAME, "the lot's name, as a bill writes it", None, examples=["p1"])
    expires: Moment | None = key(MOMENT, "from when on it covers nothing", None, examples=["2027-01-05"])
    starts: Moment | None = key(MOMENT, "from when on it covers usage", None, examples=["2026-01-05"])
    size: Amount | None = key(EXACT, "its size when it was new", None, examples=["10,000 pics"])
    purchased: Moment | None = key(MOMENT, "when it was bought", None, examples=["2026-01-05T09:00:00+08:00"])
    paid: Amount | None = key(EXACT, "what was paid for it", None, examples=["550 USD"])
    list_price: Amount | None = key(EXACT, "its price in the list that sold it", None, examples=["600 USD"])
    attributes: Fields = key(
        ATTRIBUTES, "for which usage it is, by its `scope`", {}, name="with", examples=[{"region": "EU"}]
    )
    drawn: Amount | None = key(
        EXACT, "what was drawn of a lot that renews, before the cycle that is left", None, examples=["200 pics"]
    )
    withdrawn: Amount | None = key(EXACT, "what was taken back of it", None, examples=["40 pics"])
    repaid: Amount | None = key(
        EXACT, "what it paid back for the cycle before, which was overdrawn", None, examples=["10 pics"]
    )
    valid_from: Moment | None = key(
        MOMENT, "from when on a package that renews covers usage, with all its cycles", None, examples=["2026-01-05"]
    )
    valid_until: Moment | None = key(
        MOMENT, "until when a package that renews covers usage, with all its cycles", None, examples=["2027-01-05"]
    )

    def agreed(self) -> Self:
        given = [name for name in ("grant", "package", "source") if getattr(self, name) is not None]
        if len(given) != 1:
            how = f"both `{given[0]}` and `{given[1]}`" if given else "neither `grant` nor `package`"
            raise _problem(codes.NOT_TOGETHER, f"a balance has {how}", "name the one that the lot is of")
        return self


class PurchaseModel(Shape):
    """Lots of one size of a package, bought together."""

    id: str = key(NAME, "a name for the purchase, to refer to", examples=["p1"])
    package: str = key(NAME, "the name of the package in the rule file", examples=["resource_package"])
    size: Amount = key(AMOUNT, "the size that was bought", examples=["10,000 pics"])
    count: int = key(COUNT, "how many of that size", 1, examples=[3])
    at: Moment = key(MOMENT, "when it was bought", examples=["2026-02-01T09:00:00+08:00"])
    attributes: Fields = key(
        ATTRIBUTES, "for which usage it is, by its `scope`", {}, name="with", examples=[{"class": "STANDARD"}]
    )
    paid: Amount | None = key(
        AMOUNT, "what was paid for all of it, where that is not the list's price", None, examples=["3.46 USD"]
    )


class ExtensionModel(Shape):
    """More capacity of a limit, for a number of terms."""

    id: str = key(NAME, "a name for the extension, to refer to", examples=["c1"])
    limit: str = key(NAME, "the name of the limit in the rule file", examples=["concurrency"])
    extend: Amount = key(AMOUNT, "by how much it is extended", examples=["2 tasks"])
    term: str = key(NAME, "the length of one term", examples=["month", "day"])
    terms: int = key(COUNT, "for how many terms", 1, examples=[1])
    start: Moment = key(MOMENT, "when the first term begins", name="from", examples=["2026-03-01"])


class RequestModel(Shape):
    """A wish about a purchase or a lot: its money back, or its quota on hold."""

    purchase: str = key(NAME, "the id of the purchase, or the name of a lot of the balances", examples=["p1"])
    at: Moment = key(MOMENT, "when it was asked for", examples=["2026-02-03T10:00:00+08:00"])


class WithdrawalModel(Shape):
    """A part of what is left of a grant, a package or a purchase that is taken back without money."""

    rules: ClassVar = {"oneOf": [{"required": [name]} for name in ("grant", "package", "purchase")]}

    grant: str | None = key(NAME, "the grant that it is of", None, examples=["free_quota"])
    package: str | None = key(NAME, "the package that it is of", None, examples=["resource_package"])
    purchase: str | None = key(NAME, "the id of the purchase that it is of, or a lot", None, examples=["p1"])
    quantity: Amount = key(AMOUNT, "how much is taken back", examples=["40 pics"])
    at: Moment = key(MOMENT, "from when on it covers nothing", examples=["2026-03-10"])
    reason: str = key(WRITTEN, "why, as the bill prints it", examples=["double booking"])
    attributes: Fields = key(
        ATTRIBUTES, "for which usage the lot is, by its `scope`", {}, name="with", examples=[{"region": "EU"}]
    )

    def agreed(self) -> Self:
        given = [name for name in ("grant", "package", "purchase") if getattr(self, name) is not None]
        if len(given) != 1:
            how = f"both `{given[0]}` and `{given[1]}`" if given else "neither `grant`, `package` nor `purchase`"
            raise _problem(codes.NOT_TOGETHER, f"a withdrawal has {how}", "name the one that it is of")
        return self


class ExpectModel(Shape):
    """What the bill must be: `total: 796.00 USD`; each further key is a figure of the bill."""

    further = WRITTEN

    period: tuple[Date, Date] | None = key(
        PERIOD, "the month or day of the bill", None, examples=["2026-03", "2026-03-02"]
    )
    first: tuple[Date, Date] | None = key(PERIOD, "the first month or day", None, name="from", examples=["2026-03"])
    last: tuple[Date, Date] | None = key(
        PERIOD, "the last month or day, included", None, name="to", examples=["2026-05"]
    )

    def agreed(self) -> Self:
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
        return dict(self.__pydantic_extra__ or {})

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

    further = FIELD
    rules: ClassVar = {
        "allOf": [
            {"oneOf": [{"required": ["at"]}, {"required": ["in"]}, {"required": ["from", "to"]}]},
            {"not": {"required": ["quantity", "measured"]}},
        ]
    }

    meter: str = key(NAME, "the name of the meter in the rule file", examples=["image_style_transfer"])
    at: Moment | None = key(MOMENT, "the instant of an event", None, examples=["2026-03-02T10:00:00Z"])
    within: tuple[Date, Date] | None = key(
        STRETCH, "the day, month or year of a total", None, name="in", examples=["2026-03"]
    )
    start: Moment | None = key(MOMENT, "from when a state held", None, name="from", examples=["2026-04-01"])
    end: Moment | None = key(MOMENT, "until when it held, excluded", None, name="to", examples=["2026-04-16"])
    quantity: Amount | None = key(
        TAKEN_BACK,
        "how much; an event without it counts 1. Below 0 it takes usage back",
        None,
        examples=[10000, "9.31 GB"],
    )
    measured: Amount | None = key(
        AMOUNT, "the meter's result, in place of the records it is made from", None, examples=["120 Mbps"]
    )
    id: str | None = key(NAME, "with `source`, what makes the record one and the same", None, examples=["e-17"])
    source: str | None = key(NAME, "who made the id; the fixture if left out", None, examples=["gateway"])
    subaccount: str | None = key(NAME, "one of `subaccounts`", None, examples=["acme-eu"])
    lasts: Amount | None = key(AMOUNT, "how long the event took", None, examples=["40 s"])
    reported: Moment | None = key(
        MOMENT, "when a record that came late became known", None, examples=["2026-04-03T09:00:00Z"]
    )


class FileModel(Shape):
    """A CSV or JSON Lines file of records, in the folder of the fixture."""

    file: str = key(NAME, "its path, relative to the fixture", examples=["acme-2026-03.csv"])
    meter: str | None = key(NAME, "the meter of records that name none", None, examples=["image_style_transfer"])


RECORD_KEYS = tuple(key.name for key in RecordModel.keys.values())


def _purchase_kind(value: Any) -> str:
    return "kind:limit" if isinstance(value, dict) and "limit" in value else "kind:package"


def _setting_kind(value: Any) -> str:
    return "kind:dated" if isinstance(value, dict) else "kind:plain"


_PURCHASE = one_of(_purchase_kind, {"kind:package": PurchaseModel.value(), "kind:limit": ExtensionModel.value()})
_SETTING = one_of(_setting_kind, {"kind:plain": SETTING, "kind:dated": mapping_of(MOMENT_KEY, SETTING)})
_ENTRY = Value(core_schema.any_schema(), {"anyOf": [FileModel.value().json, RecordModel.value().json]})


class FixtureModel(Shape):
    """What one account used, bought and asked for."""

    account: str = key(NAME, "the account's name", examples=["acme"])
    tariff: str | None = key(
        NAME,
        "the name of the tariff that the account is billed by; `ratewright test` finds it by that",
        None,
        examples=["tencent_hy_image"],
    )
    version: str | None = key(
        DAY, "a day of the earlier price list that the account is kept on", None, examples=["2026-01-21"]
    )
    contract: list[str] = key(
        one_or_several(NAME),
        "the file of the account's contract, or of several, in the folder of the fixture",
        [],
        examples=["acme.contract"],
    )
    currency: str | None = key(
        NAME, "the currency in which the account is billed, where the price list has several", None, examples=["EUR"]
    )
    activated: Moment | None = key(
        MOMENT, "when the account was activated", None, examples=["2026-01-05T09:00:00+08:00"]
    )
    opening: Moment | None = key(MOMENT, "the moment that `balances` are of", None, examples=["2026-02-01"])
    timezone: str | None = key(ZONE, "the IANA timezone of times without an offset", None, examples=["Asia/Shanghai"])
    subaccounts: list[str] = key(
        list_of(NAME), "the accounts billed with this one", [], examples=[["acme-eu", "acme-us"]]
    )
    bill: dict[str, str] = key(
        mapping_or_nothing(NAME, WRITTEN),
        "texts that stand on the bill as they are: whose it is, its number, when it is due",
        {},
        examples=[{"customer": "Acme Ltd, 1 High Street", "bill_number": "2026-0042", "due": "2026-04-14"}],
    )
    settings: dict[str, str | Amount | dict[tuple[str, Moment], str | Amount]] = key(
        mapping_or_nothing(NAME, _SETTING),
        "settings of the rule file: a value, or a value for each moment from which it holds",
        {},
        examples=[{"postpaid": "on", "plan": {"2026-01-10": "pro"}}],
    )
    grants: list[GrantModel] = key(list_of(GrantModel.value()), "sizes of grants per account", [])
    balances: list[BalanceModel] = key(list_of(BalanceModel.value()), "what is left from before", [])
    purchases: list[PurchaseModel | ExtensionModel] = key(
        list_of(_PURCHASE), "packages bought, and extensions of limits", []
    )
    refunds: list[RequestModel] = key(list_of(RequestModel.value()), "refunds asked for", [])
    pauses: list[RequestModel] = key(list_of(RequestModel.value()), "quota put on hold", [])
    withdrawals: list[WithdrawalModel] = key(list_of(WithdrawalModel.value()), "quota taken back without money", [])
    usage: list[Any] = key(list_of(_ENTRY), "records, and files of records", [])
    history: list[Any] = key(list_of(_ENTRY), "records from before `opening`, for measures that look back at them", [])
    expect: list[ExpectModel] = key(
        list_of(ExpectModel.value()), "what the bills must be; checked by `ratewright test`", []
    )


MODELS: dict[str, tuple[type[Shape], str]] = {
    "": (FixtureModel, "a fixture"),
    "grants": (GrantModel, "a grant"),
    "balances": (BalanceModel, "a balance"),
    "purchases": (PurchaseModel, "a purchase"),
    "purchases kind:limit": (ExtensionModel, "an extension of a limit"),
    "refunds": (RequestModel, "a refund"),
    "pauses": (RequestModel, "a pause"),
    "withdrawals": (WithdrawalModel, "a withdrawal"),
    "expect": (ExpectModel, "an expectation"),
}
"""The model of each part of a fixture, and what a message calls it."""


_PARTS = (
    BalanceModel,
    ExpectModel,
    ExtensionModel,
    FileModel,
    GrantModel,
    PurchaseModel,
    RecordModel,
    RequestModel,
    WithdrawalModel,
)


_READER = SchemaValidator(FixtureModel.value().read)


def read_fixture(document: dict[str, Any], values: Values) -> FixtureModel:
    """A document with every value still text, as a model. Raises pydantic_core's ValidationError."""
    made: FixtureModel = _READER.validate_python(document, context=values)
    return made


def json_schema() -> JsonSchema:
    """The JSON Schema (draft 2020-12) of a fixture as users write it, numbers as numbers or as text."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": {part.__name__: part.json() for part in _PARTS},
        **FixtureModel.json(),
    }
