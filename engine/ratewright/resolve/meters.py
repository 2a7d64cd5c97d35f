"""Meters: how the records of an account become quantities."""

from __future__ import annotations

from collections.abc import Mapping

from ratewright.advice.words import listed
from ratewright.diagnostics import did_you_mean
from ratewright.formula.aggregations import AGGREGATIONS
from ratewright.meaning import nodes as n
from ratewright.meaning.types import DURATION, INSTANT, PERIOD, PLAIN_NUMBER, Kind, figure
from ratewright.meaning.walk import parts
from ratewright.resolve.blocks import Block
from ratewright.resolve.corrected_meters import resolve_corrections
from ratewright.resolve.mentions import of_many_records
from ratewright.resolve.name_space import unknown
from ratewright.resolve.scope import Maker, Scope, among, given
from ratewright.resolve.settings import declared_default, resolve_kind
from ratewright.resolve.spread_meters import check_spread
from ratewright.resolve.typed_expressions import Expressions
from ratewright.syntax import nodes as s
from ratewright.values.units import Unit


def resolve_meter(
    declaration: s.Meter, expressions: Expressions, settings: Mapping[str, Maker], known: Mapping[str, n.Meter]
) -> n.Meter | None:
    """A meter; None where its measure cannot be told (reported). `known` are the meters that it may read."""
    block = Block(declaration, expressions.report)
    measure = block.need(s.Measure, "write `measure sum(quantity) in pics`, with the unit that is billed")
    source = _source(block, known)
    fields = source.fields if source is not None else _fields(block, expressions, settings)
    unit = expressions.written.unit_of_data(measure.unit) if measure else None
    if measure is None or unit is None or (block.every(s.Reads) and source is None):
        return None
    steps = {d.name.text: d for d in block.defines()}
    _check_steps(steps, fields, expressions)
    recorded = source.recorded or source.unit if source is not None else unit
    record = record_scope(fields, recorded, settings, steps)
    where = tuple(n.Where(w.span, expressions.condition(w.condition, record)) for w in block.every(s.Where))
    whole = _whole_scope(record, fields, settings, steps)
    made = _measure(measure, unit, whole, expressions, alone=source is None)
    each = _of_each_record(made)
    tags = _tags(fields, steps, record, expressions)
    of_periods = _steps(steps, whole, expressions)
    meter = n.Meter(
        declaration.span,
        declaration.name.text,
        block.title(),
        fields,
        where,
        made,
        each,
        unit,
        block.cite(),
        source.name if source is not None else "",
        _kept_apart(block, tags, source, expressions),
        tags,
        of_periods,
        recorded,
        bool(block.one(s.SpreadEvenly)),
        resolve_corrections(block, each, of_periods, tags),
    )
    _check_places(meter, expressions)
    if meter.spread:
        check_spread(meter, expressions.report)
    return meter


def _check_places(meter: n.Meter, expressions: Expressions) -> None:
    """Report what decides which records have a place, and asks for that place itself."""
    asked = [("where", where.condition) for where in meter.where]
    asked += [("by", meter.tag(name).expression) for name in meter.by]
    for word, expression in asked:
        if any(isinstance(part, n.RecordPlace) for part in parts(expression)):
            expressions.report.error(
                "R215",
                f"`{expression.span.text}` asks for the place of a record among those that `{word}` chooses",
                expression.span,
                "ask it in what is added up, as in `sum(if nth <= 3 then …)`, or in the `when` of a quota",
                (("the meter", meter.span),),
            )


def _of_each_record(measure: n.Expression) -> n.Expression | None:
    """What one record adds, where the measure is a plain sum of that."""
    if not isinstance(measure, n.Aggregate) or measure.aggregation is not n.Aggregation.SUM:
        return None
    operand = measure.operand
    return operand if measure.condition is None and operand is not None and not operand.type.many else None


def _source(block: Block, known: Mapping[str, n.Meter]) -> n.Meter | None:
    """The meter whose records this one reads, if it says so."""
    statement = block.one(s.Reads)
    if statement is None:
        return None
    name = statement.meter
    meter = known.get(name.text)
    for field in block.every(s.Field) if meter is not None else ():
        block.report.error(
            "R204",
            f"{block.name} reads the records of `{name.text}`, and their fields are declared there",
            field.span,
            f"move it to meter `{name.text}`",
        )
    if meter is None:
        if name.text == block.declaration.name.text:
            block.report.error("R215", f"`{name.text}` reads itself", name.span, "delete it")
        else:
            unknown("meter", name, known, block.report)
        return None
    if meter.reads:
        block.report.error(
            "R201",
            f"`{name.text}` has no records of its own: it reads `{meter.reads}`",
            name.span,
            f"write `reads {meter.reads}`",
        )
        return None
    return meter


def _check_steps(steps: Mapping[str, s.Define], fields: tuple[n.Field, ...], expressions: Expressions) -> None:
    for name in fields:
        if name.name in steps:
            expressions.report.error(
                "R202",
                f"`{name.name}` is a field and a formula",
                steps[name.name].name.span,
                "give one of them another name",
                (("the field", name.span),),
            )


def _kept_apart(
    block: Block, tags: tuple[n.Tag, ...], source: n.Meter | None, expressions: Expressions
) -> tuple[str, ...]:
    """The names by which usage is kept apart."""
    found: dict[str, None] = {}
    known = [tag.name for tag in tags]
    for statement in block.every(s.By):
        for name in statement.names:
            if name.text in found:
                expressions.report.error("R204", f"`by {name.text}` stands twice", name.span, "keep one")
            elif name.text not in known:
                _unknown_key(block, name, known, source, expressions)
                continue
            elif block.report.declared.get(name.text) in ("meter", "charge", "discount", "tax"):
                word = block.report.declared[name.text]
                help = "give one of them another name"
                message = f"`{name.text}` is a {word}, and lines that are kept apart by it could not name that"
                expressions.report.error("R202", message, name.span, help)
            found[name.text] = None
    return tuple(found)


def _unknown_key(
    block: Block, name: s.Name, known: list[str], source: n.Meter | None, expressions: Expressions
) -> None:
    """Report a name of `by` that no record is marked with."""
    text, message = name.text, f"{block.name} has no field or formula `{name.text}`"
    help = did_you_mean(text, known) or f"declare it: `field {text} text`, or `define`"
    if any(isinstance(x, s.Define) and x.name.text == text for x in block.declaration.statements):
        message = f"`{text}` speaks of all records, and `by` asks each one"
        help = "keep apart by something that a single record has"
    elif source is not None and any(tag.name == text for tag in source.tags):
        message = f"`{text}` is a formula of meter `{source.name}`, and only its records are read"
        help = f"write the formula here too: `define {text} = …`"
    elif text in RECORD_WORDS:
        message = f"`by` names fields and formulas, and `{text}` is part of every record"
        help = f"give it a name: `define {'day = start of day(at)' if text == 'at' else f'size = {text}'}`"
        help = help if text in ASKED_OF_RECORDS else f"let records say it in a field: `field record_{text} text`"
    elif text in expressions.settings:
        message = f"`{text}` is a setting, and the same for all records of a time"
        help = "delete it: a line can ask for it in `when`"
    expressions.report.error("R201", message, name.span, help)


def _tags(
    fields: tuple[n.Field, ...], steps: Mapping[str, s.Define], record: Scope, expressions: Expressions
) -> tuple[n.Tag, ...]:
    """What each record is marked with: its fields, and the formulas that have one value for it."""
    tags = [n.Tag(f.span, f.name, f.type, f.unit, n.FieldValue(f.span, f.type, f.name)) for f in fields]
    of_many = of_many_records(steps, expressions.named.defines)
    for name, define in steps.items():
        if name in of_many:
            continue
        made = expressions.resolve(s.Ref(define.name.span, define.name), record)
        if made.type.kind is not Kind.UNKNOWN and not made.type.many:
            tags.append(n.Tag(define.span, name, made.type, None, made))
    return tuple(tags)


def _steps(steps: Mapping[str, s.Define], whole: Scope, expressions: Expressions) -> tuple[n.Step, ...]:
    """The formulas that have one value for each period."""
    found = []
    of_many = of_many_records(steps, expressions.named.defines)
    for name, define in steps.items():
        if name not in of_many:
            continue
        made = expressions.resolve(s.Ref(define.name.span, define.name), whole)
        if made.type.kind is Kind.FIGURE:
            found.append(n.Step(define.span, name, made.type, made))
    return tuple(found)


def _whole_scope(
    record: Scope, fields: tuple[n.Field, ...], settings: Mapping[str, Maker], steps: Mapping[str, s.Define]
) -> Scope:
    return Scope(
        "in a measure, outside an aggregation",
        among(settings, {"period": given(n.PeriodFact, "period", PERIOD)}),
        records=record,
        hints=_NOT_ASKED | _of_each_one(fields),
        defines=steps,
    )


def _of_each_one(fields: tuple[n.Field, ...]) -> dict[str, str]:
    """What to write in a measure for what each record has for itself."""
    figures = ["quantity", "times", "lasted", *(f.name for f in fields if f.type.kind is Kind.FIGURE)]
    others = [f.name for f in fields if f.type.kind is not Kind.FIGURE]
    inside = "each record has its own: ask it inside the aggregation, as in"
    return (
        {name: f"aggregate it: `sum({name})`" for name in figures}
        | {name: f"{inside} `sum(quantity where {name} == …)` or `mean(quantity / size_of[{name}])`" for name in others}
        | {"at": f"{inside} `sum(quantity where at < 2026-07-01)`"}
    )


def _measure(statement: s.Measure, unit: Unit, scope: Scope, expressions: Expressions, *, alone: bool) -> n.Expression:
    made = expressions.resolve(statement.expression, scope)
    while isinstance(made, n.Defined):
        made = made.expression
    counts = made.type.is_number and unit.counted and is_count(made)
    if made.type.kind is not Kind.UNKNOWN and made.type != figure(unit.dimension) and not counts:
        expressions.report.error(
            "R205",
            f"the measure is {expressions.written.phrase(made.type)}, and the meter is in {unit.plural}",
            statement.span,
            "aggregate it: `highest(…)`, `mean(…)`, `sum(…)`" if made.type.many else _unit_help(unit, alone=alone),
        )
    return made


def _unit_help(unit: Unit, *, alone: bool) -> str:
    help = f"let the formula give {unit.plural}, or change the unit behind `in`"
    if alone:
        help += f"; its records are in {unit.plural} too: where they are not, read those of another meter by `reads`"
    return help


def is_count(node: n.Expression) -> bool:
    """Whether a plain number counts things, so that it may be in any counted unit."""
    return isinstance(node, n.Aggregate) and AGGREGATIONS[node.aggregation].counts


RECORD_WORDS = tuple(
    "meter at in from to quantity measured id source subaccount lasts file times lasted reported".split()
)
"""What every record has, or is known of it: no field can have the name of one."""

ASKED_OF_RECORDS = ("quantity", "times", "at", "lasted")
"""Those of them that formulas ask."""

_OF_RECORDS = {
    "from": "when it begins is `at`, how long it takes `lasted`",
    "to": "it ends at `at + lasted`: when it begins is `at`, how long it takes `lasted`",
    "in": "a total of a month or a day has no one instant; the period of the line is `period`",
    "lasts": "write `lasted`",
}
_NOT_ASKED = {
    word: _OF_RECORDS.get(word)
    or "it is part of every record, and no formula asks it: let records say it in a field of another name, "
    f"`field record_{word} text`"
    for word in RECORD_WORDS
    if word not in ASKED_OF_RECORDS
}
"""What to write in a formula for what it does not ask of a record."""


def _fields(block: Block, expressions: Expressions, settings: Mapping[str, Maker]) -> tuple[n.Field, ...]:
    found: dict[str, n.Field] = {}
    listing = f"; every record has {listed([f'`{word}`' for word in RECORD_WORDS], 'and')}"
    for statement in block.every(s.Field):
        type_, unit = resolve_kind(statement.kind, expressions)
        for name in statement.names:
            if name.text in found:
                expressions.report.error("R202", f"field `{name.text}` is declared twice", name.span, "keep one")
            elif name.text in RECORD_WORDS or name.text in settings:
                of_records = name.text not in settings
                what = "part of every record" if of_records else "a setting"
                help = "give the field another name" + (listing if of_records else "")
                expressions.report.error("R202", f"`{name.text}` is already {what}", name.span, help)
                listing = "" if of_records else listing
                continue
            default = None
            if statement.default is not None and type_.kind is not Kind.UNKNOWN:
                what = f"field `{name.text}`"
                default = declared_default(statement.default, type_, unit, what, statement.kind, expressions)
            below = statement.kind.below is not None
            found[name.text] = n.Field(name.span, name.text, type_, unit, default, below)
            if unit is not None:
                expressions.written.declared[name.text] = unit
    return tuple(found.values())


def record_scope(
    fields: tuple[n.Field, ...], unit: Unit, settings: Mapping[str, Maker], steps: Mapping[str, s.Define]
) -> Scope:
    """The names in a formula on one record, whose quantity is recorded in `unit`."""
    own: dict[str, Maker] = {
        "quantity": given(n.RecordFact, "quantity", figure(unit.dimension)),
        "times": given(n.RecordFact, "times", PLAIN_NUMBER),
        "at": given(n.RecordFact, "at", INSTANT),
        "lasted": given(n.RecordFact, "lasted", DURATION),
    }
    own |= {field.name: given(n.FieldValue, field.name, field.type) for field in fields}
    return Scope("in a formula on records", among(settings, own), hints=_NOT_ASKED, defines=steps)


def tag_scope(meter: n.Meter, settings: Mapping[str, Maker]) -> Scope:
    """The names in a formula on usage that was measured: what it is marked with, and settings.

    Of a meter that measures a whole period only what it is kept apart by is known.
    """
    known = [tag for tag in meter.tags if meter.each is not None or tag.name in meter.by]
    names = among(settings, {tag.name: given(n.TagValue, tag.name, tag.type) for tag in known})
    return Scope(f"in a formula on the usage of `{meter.name}`", names)
