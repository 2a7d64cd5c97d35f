"""The kinds of values in a fixture: how each is read from text, and what JSON Schema calls it.

The reader of amounts and times comes in as the context of the validation, because a time without an
offset depends on the fixture's timezone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import WithDefaultSchema
from whenever import Date

from ratewright.usage import codes
from ratewright.usage.amount_text import Amounts, read_count
from ratewright.usage.model import Amount
from ratewright.usage.moment_text import Moments
from ratewright.usage.problem import Problem, not_one_value, require_name, require_visible
from ratewright.values.calendar import CalendarError, Moment, calendar_of

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Values:
    """The readers of one fixture."""

    amounts: Amounts
    moments: Moments


def _reading(read: Callable[[Values, str], _T]) -> PlainValidator:
    def validate(value: Any, info: ValidationInfo[Values]) -> _T:
        try:
            if not isinstance(value, str) or not value:
                raise not_one_value(value)
            return read(info.context, value)
        except Problem as problem:
            context = {"message": problem.message, "help": problem.help}
            raise PydanticCustomError(problem.code, "{message}", context) from None

    return PlainValidator(validate)


def read_zone(text: str) -> str:
    """The name of a timezone. Raises Problem."""
    try:
        calendar_of(require_visible(text))
    except CalendarError as error:
        raise Problem(codes.NO_SUCH_ZONE, str(error), error.help) from error
    return text


def read_setting(amounts: Amounts, text: str) -> str | Amount:
    """A setting's value: flags as `on` or `off`, amounts as amounts, the rest as text. Raises Problem."""
    return {"true": "on", "false": "off"}.get(text) or amounts.value(text)


def read_day(moments: Moments, text: str) -> str:
    """A day, as it is written. Raises Problem."""
    if not isinstance(moments.read(text), Date):
        raise Problem(codes.NOT_MOMENT, f"`{text}` is a time, and a day is asked for", f"write {text[:10]}")
    return text


_NUMERAL = r"(0|[1-9][0-9]{0,2}(,[0-9]{3})+|[1-9][0-9]*)(\.[0-9]+)?"
_RATIO = "^[1-9][0-9]*/[1-9][0-9]*( +[^ ]+)?$"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TEXT = {"type": "string", "minLength": 1}
_AMOUNT_SCHEMA = {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": f"^{_NUMERAL}( +[^ ]+)?$"}]}
_MOMENT_SCHEMA = {"type": "string", "pattern": f"^{_DAY}([T ][0-9]{{2}}:[0-9]{{2}}.*)?$"}
_ANY_SCHEMA = {"type": ["string", "number", "boolean"]}

_name = (
    _reading(lambda _, text: require_name(text)),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "integer"}]}),
)
_amount = (_reading(lambda values, text: values.amounts.read(text)), WithJsonSchema(_AMOUNT_SCHEMA))
_exact = (
    _reading(lambda values, text: values.amounts.read_exact(text)),
    WithJsonSchema({"anyOf": [*_AMOUNT_SCHEMA["anyOf"], {"type": "string", "pattern": _RATIO}]}),
)
_moment = (_reading(lambda values, text: values.moments.read(text)), WithJsonSchema(_MOMENT_SCHEMA))

Name = Annotated[str, *_name]
AmountText = Annotated[Amount, *_amount]
ExactText = Annotated[Amount, *_exact]
MomentText = Annotated[Moment, *_moment]
# With its text, because two texts of one instant are two keys, and a mistake worth telling.
MomentKey = Annotated[
    tuple[str, Moment],
    _reading(lambda values, text: (text, values.moments.read(text))),
    WithJsonSchema(_MOMENT_SCHEMA),
]
# A key may be left out; a key that is there without a value is an error, so these take no null either.
MaybeName = Annotated[str | None, *_name]
MaybeAmount = Annotated[Amount | None, *_amount]
MaybeExact = Annotated[Amount | None, *_exact]
MaybeMoment = Annotated[Moment | None, *_moment]
MaybePeriod = Annotated[
    tuple[Date, Date] | None,
    _reading(lambda values, text: values.moments.period(text)),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"}),
]
MaybeDay = Annotated[
    str | None,
    _reading(lambda values, text: read_day(values.moments, text)),
    WithJsonSchema({"type": "string", "pattern": f"^{_DAY}$"}),
]
MaybeZone = Annotated[str | None, _reading(lambda _, text: read_zone(text)), WithJsonSchema(_TEXT)]
CountText = Annotated[
    int,
    _reading(lambda _, text: read_count(text)),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[1-9][0-9,]*$"}]}),
]
SettingText = Annotated[
    str | Amount,
    _reading(lambda values, text: read_setting(values.amounts, text)),
    WithJsonSchema(_ANY_SCHEMA),
]
ValueText = Annotated[
    str | Amount, _reading(lambda values, text: values.amounts.value(text)), WithJsonSchema(_ANY_SCHEMA)
]
WrittenText = Annotated[str, _reading(lambda _, text: require_visible(text)), WithJsonSchema(_ANY_SCHEMA)]


class PlainSchema(GenerateJsonSchema):
    """JSON Schema without `default: null`: a key without a value is not what leaving it out is."""

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if "default" in made and made["default"] is None:
            del made["default"]
        return made


def empty_list(value: Any) -> Any:
    """A key of a list that was left empty is an empty list."""
    return [] if value is None else value


def empty_mapping(value: Any) -> Any:
    """A key of a mapping that was left empty is an empty mapping."""
    return {} if value is None else value
