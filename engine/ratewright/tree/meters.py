"""Settings and meters: what an account brings, and how its records become quantities."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.syntax import nodes as s
from ratewright.tree import nodes as n
from ratewright.tree.blocks import Block
from ratewright.tree.expressions import Expressions
from ratewright.tree.scope import Maker, Scope, given
from ratewright.tree.types import DURATION, FLAG, INSTANT, PLAIN_NUMBER, TEXT, UNKNOWN, Kind, Type, figure
from ratewright.values.units import Unit


def resolve_kind(kind: s.Kind, expressions: Expressions) -> tuple[Type, Unit | None]:
    """The type that a setting or field is declared with, and its unit if it has one."""
    if kind.kind == "text":
        return TEXT, None
    if kind.kind == "number":
        return PLAIN_NUMBER, None
    if kind.kind == "date":
        return INSTANT, None
    if kind.kind == "choice":
        seen: set[str] = set()
        for choice in kind.choices:
            if choice.text in seen:
                expressions.report.error("R202", f"`{choice.text}` is named twice", choice.span, "keep one")
            seen.add(choice.text)
        return Type(Kind.TEXT, choices=tuple(c.text for c in kind.choices)), None
    assert kind.unit is not None
    unit = expressions.unit_product(kind.unit)
    return (figure(unit.dimension), unit) if unit else (UNKNOWN, None)


def resolve_setting(declaration: s.Setting, expressions: Expressions) -> n.Setting:
    """A setting; without a type it takes that of its default, and without either it is on or off."""
    block = Block(declaration, expressions.report)
    name, default = declaration.name.text, declaration.default
    type_: Type
    unit: Unit | None = None
    if declaration.kind is not None:
        type_, unit = resolve_kind(declaration.kind, expressions)
    elif isinstance(default, s.Text):
        expressions.report.error(
            "R203",
            f"setting `{name}` does not say what it may be",
            default.span,
            f"write `setting {name} one of {default.text}, … = {default.text}`, or `setting {name} text = …`",
        )
        type_ = TEXT
    elif isinstance(default, s.Quantity):
        unit = expressions.unit(default.unit)
        type_ = figure(unit.dimension) if unit else UNKNOWN
    elif isinstance(default, s.Number | s.Percent):
        type_ = PLAIN_NUMBER
    elif isinstance(default, s.Time):
        type_ = INSTANT
    else:
        type_ = FLAG
    value = None
    if default is not None and type_.kind is not Kind.UNKNOWN:
        value = expressions.literal(default, type_, unit, f"setting `{name}`")
    return n.Setting(declaration.span, name, block.title(), type_, unit, value, block.cite())


def resolve_meter(declaration: s.Meter, expressions: Expressions, settings: Mapping[str, n.Setting]) -> n.Meter | None:
    """A meter; None where its measure cannot be told (reported)."""
    block = Block(declaration, expressions.report)
    measure = block.need(s.Measure, "write `measure sum(quantity) in pics`, with the unit that is billed")
    fields = _fields(block, expressions, settings)
    unit = expressions.unit_product(measure.unit) if measure else None
    if measure is None or unit is None:
        return None
    record = record_scope(fields, unit, settings)
    where = tuple(n.Where(w.span, expressions.condition(w.condition, record)) for w in block.every(s.Where))
    made = _measure(measure, unit, record, expressions)
    each = made.operand if isinstance(made, n.Aggregate) and made.aggregation is n.Aggregation.SUM else None
    return n.Meter(
        declaration.span, declaration.name.text, block.title(), fields, where, made, each, unit, block.cite()
    )


def _measure(statement: s.Measure, unit: Unit, record: Scope, expressions: Expressions) -> n.Expression:
    scope = Scope(
        "in a measure, outside an aggregation",
        records=record,
        hints={"quantity": "aggregate it: `sum(quantity)`", "times": "aggregate it: `sum(times)`"},
    )
    made = expressions.resolve(statement.expression, scope)
    counts = isinstance(made, n.Aggregate) and made.aggregation is n.Aggregation.COUNT and unit.counted
    if made.type.kind is not Kind.UNKNOWN and made.type != figure(unit.dimension) and not counts:
        expressions.report.error(
            "R205",
            f"the measure is {expressions.phrase(made.type)}, and the meter is in {unit.plural}",
            statement.span,
            f"let the formula give {unit.plural}, or change the unit behind `in`",
        )
    return made


RECORD_WORDS = frozenset("meter at in from to quantity measured id source subaccount lasts file times lasted".split())
"""What every record has, or is known of it: no field can have the name of one."""


def _fields(block: Block, expressions: Expressions, settings: Mapping[str, n.Setting]) -> tuple[n.Field, ...]:
    found: dict[str, n.Field] = {}
    for statement in block.every(s.Field):
        type_, unit = resolve_kind(statement.kind, expressions)
        for name in statement.names:
            if name.text in found:
                expressions.report.error("R202", f"field `{name.text}` is declared twice", name.span, "keep one")
            elif name.text in RECORD_WORDS or name.text in settings:
                what = "a setting" if name.text in settings else "part of every record"
                expressions.report.error(
                    "R202", f"`{name.text}` is already {what}", name.span, "give the field another name"
                )
                continue
            default = None
            if statement.default is not None and type_.kind is not Kind.UNKNOWN:
                default = expressions.literal(statement.default, type_, unit, f"field `{name.text}`")
            found[name.text] = n.Field(name.span, name.text, type_, unit, default)
    return tuple(found.values())


def record_scope(fields: tuple[n.Field, ...], unit: Unit, settings: Mapping[str, n.Setting]) -> Scope:
    """The names in a formula on one record. The record's quantity is of the meter's own dimension."""
    names: dict[str, Maker] = {name: given(n.SettingValue, name, setting.type) for name, setting in settings.items()}
    names |= {
        "quantity": given(n.RecordFact, "quantity", figure(unit.dimension)),
        "times": given(n.RecordFact, "times", PLAIN_NUMBER),
        "at": given(n.RecordFact, "at", INSTANT),
        "lasted": given(n.RecordFact, "lasted", DURATION),
    }
    names |= {field.name: given(n.FieldValue, field.name, field.type) for field in fields}
    return Scope("in a formula on records", names)
