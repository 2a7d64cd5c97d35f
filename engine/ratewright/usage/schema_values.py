"""The kinds of values in a fixture: how each is read from text, and what JSON Schema calls it.

The reader of amounts and times comes in as the context of the validation, because a time without an
offset depends on the fixture's timezone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct
from pydantic_core import PydanticCustomError, core_schema
from whenever import Date

from ratewright.usage import codes
from ratewright.usage.amount_text import Amounts, read_count
from ratewright.usage.model import Amount
from ratewright.usage.moment_text import Moments
from ratewright.usage.problem import Problem, not_one_value, require_name, require_visible
from ratewright.values.calendar import CalendarError, calendar_of

_T = TypeVar("_T")
JsonSchema = dict[str, Any]


class Values(Struct, frozen=True):
    """The readers of one fixture."""

    amounts: Amounts
    moments: Moments


class Value(NamedTuple):
    """A kind of value: how it is read, and what JSON Schema calls it."""

    read: core_schema.CoreSchema
    json: JsonSchema


def _text(read: Callable[[Values, str], _T], json: JsonSchema) -> Value:
    def validate(value: Any, info: core_schema.ValidationInfo[Values]) -> _T:
        try:
            if not isinstance(value, str) or not value:
                raise not_one_value(value)
            return read(info.context, value)
        except Problem as problem:
            context = {"message": problem.message, "help": problem.help}
            raise PydanticCustomError(problem.code, "{message}", context) from None

    return Value(core_schema.with_info_plain_validator_function(validate), json)


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

NAME = _text(lambda _, text: require_name(text), {"anyOf": [_TEXT, {"type": "integer"}]})
AMOUNT = _text(lambda values, text: values.amounts.read(text), _AMOUNT_SCHEMA)
EXACT = _text(
    lambda values, text: values.amounts.read_exact(text),
    {"anyOf": [*_AMOUNT_SCHEMA["anyOf"], {"type": "string", "pattern": _RATIO}]},
)
TAKEN_BACK = _text(
    lambda values, text: values.amounts.read_quantity(text),
    {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^-?{_NUMERAL}( +[^ ]+)?$"}]},
)
"""What is below 0 where usage is taken back."""
SIGNED = _text(
    lambda values, text: values.amounts.read_signed(text),
    {
        "anyOf": [
            {"type": "number"},
            {"type": "string", "pattern": f"^-?{_NUMERAL}( +[^ ]+)?$"},
            {"type": "string", "pattern": f"^-?{_RATIO[1:]}"},
        ]
    },
)
"""What may be below 0."""
MOMENT = _text(lambda values, text: values.moments.read(text), _MOMENT_SCHEMA)
# With its text, because two texts of one instant are two keys, and a mistake worth telling.
MOMENT_KEY = _text(lambda values, text: (text, values.moments.read(text)), _MOMENT_SCHEMA)
PERIOD = _text(
    lambda values, text: values.moments.period(text),
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"},
)
STRETCH = _text(
    lambda values, text: values.moments.stretch(text),
    {"anyOf": [{"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}, {"type": "integer"}]},
)
DAY = _text(lambda values, text: read_day(values.moments, text), {"type": "string", "pattern": f"^{_DAY}$"})
ZONE = _text(lambda _, text: read_zone(text), _TEXT)
COUNT = _text(
    lambda _, text: read_count(text),
    {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^[1-9][0-9,]*$"}]},
)
SETTING = _text(lambda values, text: read_setting(values.amounts, text), _ANY_SCHEMA)
FIELD = _text(lambda values, text: values.amounts.value(text), _ANY_SCHEMA)
WRITTEN = _text(lambda _, text: require_visible(text), _ANY_SCHEMA)


def list_of(item: Value) -> Value:
    """A list; a key of a list that was left empty is an empty list."""
    read = core_schema.no_info_before_validator_function(
        lambda value: [] if value is None else value, core_schema.list_schema(item.read)
    )
    return Value(read, {"type": "array", "items": item.json})


def one_or_several(item: Value) -> Value:
    """A list, or one value in place of a list of one."""
    read = core_schema.no_info_before_validator_function(
        lambda value: value if isinstance(value, list) else [value], core_schema.list_schema(item.read)
    )
    return Value(read, {"anyOf": [item.json, {"type": "array", "items": item.json}]})


def mapping_of(name: Value, item: Value) -> Value:
    """A mapping with at least one key."""
    pattern = name.json.get("pattern")
    items = {"patternProperties": {pattern: item.json}} if pattern else {"additionalProperties": item.json}
    return Value(
        core_schema.dict_schema(name.read, item.read, min_length=1), {"type": "object", "minProperties": 1, **items}
    )


def mapping_or_nothing(name: Value, item: Value) -> Value:
    """A mapping; a key of a mapping that was left empty is an empty mapping."""
    read = core_schema.no_info_before_validator_function(
        lambda value: {} if value is None else value, core_schema.dict_schema(name.read, item.read)
    )
    return Value(read, {"type": "object", "additionalProperties": item.json})


def one_of(kind: Callable[[Any], str], choices: dict[str, Value]) -> Value:
    """One of several kinds of value, as `kind` tells them apart; messages leave the names of the kinds out."""
    read = core_schema.tagged_union_schema({name: value.read for name, value in choices.items()}, kind)
    return Value(read, {"oneOf": [value.json for value in choices.values()]})
