"""Parts of a fixture as classes: an attribute for each key, which says how its value is read and what it is for.

In: a class that is a `Shape`, its attributes made by `key`. Out: what pydantic-core reads a document by, and the JSON
Schema. A class of pydantic's own would say the same, but only importing pydantic's models and making eight of them
takes 60 ms of each start, which is a fifth of it.
"""

from __future__ import annotations

from inspect import cleandoc
from typing import Any, ClassVar, NamedTuple, Self

from pydantic_core import core_schema

from ratewright.usage.schema_values import NAME, JsonSchema, Value

_NEEDED: Any = object()


class Key(NamedTuple):
    """A key of a part: its name in the file, and `default` where it may be left out."""

    name: str
    value: Value
    description: str
    examples: list[Any]
    default: Any

    @property
    def needed(self) -> bool:
        return self.default is _NEEDED

    def field(self) -> core_schema.ModelField:
        read = self.value.read
        if not self.needed:
            read = core_schema.with_default_schema(read, default=self.default)
        return core_schema.model_field(read, validation_alias=self.name)

    def json(self) -> JsonSchema:
        told: JsonSchema = {"title": self.name.title(), "description": self.description}
        if self.examples:
            told["examples"] = self.examples
        if not self.needed and self.default is not None:  # a key without a value is not what leaving it out is
            told["default"] = self.default
        return _sorted({**self.value.json, **told})


def key(
    value: Value, description: str, default: Any = _NEEDED, *, name: str = "", examples: list[Any] | None = None
) -> Any:
    """What an attribute of a shape is set to; `name` where the key is no name that Python allows."""
    return Key(name, value, description, examples or [], default)


class Shape:
    """What all parts of a fixture share: no key but those that are named, or all, where `further` reads them."""

    __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")

    further: ClassVar[Value | None] = None
    rules: ClassVar[JsonSchema] = {}
    """What JSON Schema says of the keys together."""
    keys: ClassVar[dict[str, Key]]
    """By attribute."""
    __pydantic_extra__: dict[str, Any] | None
    """What was read of further keys; pydantic-core's own name for it."""

    def __init_subclass__(cls) -> None:
        given = {name: value for name, value in vars(cls).items() if isinstance(value, Key)}
        cls.keys = {name: value._replace(name=value.name or name) for name, value in given.items()}

    def agreed(self) -> Self:
        """The part itself, where its keys agree with each other. Raises PydanticCustomError."""
        return self

    @classmethod
    def value(cls) -> Value:
        """The part as a value of a key."""
        fields = {name: key.field() for name, key in cls.keys.items()}
        inside = core_schema.model_fields_schema(
            fields,
            extra_behavior="forbid" if cls.further is None else "allow",
            extras_schema=cls.further.read if cls.further is not None else None,
            extras_keys_schema=NAME.read if cls.further is not None else None,
        )
        read = core_schema.no_info_after_validator_function(cls.agreed, core_schema.model_schema(cls, inside))
        return Value(read, {"$ref": f"#/$defs/{cls.__name__}"})

    @classmethod
    def json(cls) -> JsonSchema:
        """The JSON Schema of the part."""
        needed = [key.name for key in cls.keys.values() if key.needed]
        return _sorted(
            {
                "type": "object",
                "title": cls.__name__,
                "description": cleandoc(cls.__doc__ or ""),
                "properties": {key.name: key.json() for key in cls.keys.values()},
                "additionalProperties": cls.further.json if cls.further is not None else False,
                **({"required": needed} if needed else {}),
                **cls.rules,
            }
        )


def _sorted(schema: JsonSchema) -> JsonSchema:
    return dict(sorted(schema.items()))
