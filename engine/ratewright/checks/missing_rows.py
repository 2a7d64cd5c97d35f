"""Lookups by something that may be what no row has, as far as the conditions around them do not exclude it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ratewright.advice.words import listed
from ratewright.diagnostics import Diagnostic, Severity
from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import Formula, Role, formulas_of
from ratewright.meaning.types import Kind
from ratewright.meaning.walk import children

_FEW = 8
Facts = Mapping[str, frozenset[str]]
"""What a setting, a field or a formula can still be, by its name, where conditions have narrowed it."""

_NAMED = (tree.SettingValue, tree.FieldValue, tree.KeyValue, tree.TagValue)


def missing_rows(tariff: tree.Tariff) -> Iterator[Diagnostic]:
    """A note for each such lookup."""
    seen: set[int] = set()
    for expression, facts in _formulas(tariff):
        for key, table, missing in _gaps(expression, facts):
            if key.span.start not in seen:
                seen.add(key.span.start)
                yield _note(key, table, missing)


def _note(key: tree.Expression, table: str, missing: tuple[str, ...]) -> Diagnostic:
    names = listed([f"`{name}`" for name in missing[:_FEW]], "or")
    more = ", and others" if len(missing) > _FEW else ""
    what = f"`{table}` has no row" if table else "there is no column"
    return Diagnostic(
        "C107",
        f"{what} for {names}{more}, which `{key.span.text}` may be",
        key.span,
        "if it is never asked for then, nothing is to be done; else add a row, or `not sold`",
        Severity.NOTE,
    )


def _formulas(tariff: tree.Tariff) -> Iterator[tuple[tree.Expression, Facts]]:
    """Every formula, with what the conditions leave under which it is asked."""
    of_meters = {meter.name: _counted(meter.where) for meter in tariff.meters.values()}
    for formula in formulas_of(tariff):
        yield formula.expression, _known(formula, of_meters)


def _known(formula: Formula, of_meters: Mapping[str, Facts]) -> Facts:
    """What is settled where a formula is asked: by the conditions of the records that count, and by `when`."""
    facts: Facts = {}
    match formula.owner:
        case tree.Meter(where=where, name=name):
            before = [w.condition is formula.expression for w in where]
            return _counted(where[: before.index(True)]) if True in before else of_meters[name]
        case tree.Charge(meters=meters, when=when):
            facts = of_meters[meters[0]] if len(meters) == 1 else facts
            under_when = formula.role not in (Role.WHEN, Role.ANCHOR)
        case tree.Pool(when=when):  # its lots are given, sized and given back whether `when` holds or not
            under_when = formula.role is Role.RATIO
            facts = of_meters[formula.name] if under_when else facts
    return _narrowed(when, facts, holds=True) if when is not None and under_when else facts


def _counted(conditions: Iterable[tree.Where]) -> Facts:
    """What is left of the values of records that meet the conditions."""
    facts: Facts = {}
    for where in conditions:
        facts = _narrowed(where.condition, facts, holds=True)
    return facts


def _gaps(node: tree.Expression, facts: Facts) -> Iterator[tuple[tree.Expression, str, tuple[str, ...]]]:
    """The keys of lookups that may be what no row has: the key, the table, and what that is."""
    match node:
        case tree.Choose(condition=condition, yes=yes, no=no):
            yield from _gaps(condition, facts)
            yield from _gaps(yes, _narrowed(condition, facts, holds=True))
            yield from _gaps(no, _narrowed(condition, facts, holds=False))
            return
        case tree.AllOf(parts=members) | tree.AnyOf(parts=members):
            for member in members:
                yield from _gaps(member, facts)
                facts = _narrowed(member, facts, holds=isinstance(node, tree.AllOf))
            return
        case tree.Lookup(table=table, keys=keys):
            asked = keys[1:] if table.ranged else keys
            yield from _missing(table.name, asked, [key for row in table.rows for key in row.cells], facts)
        case tree.RowsOf(name=name, keys=keys, columns=columns):
            yield from _missing(name, keys, list(columns), facts)
    for child in children(node):
        yield from _gaps(child, facts)


def _missing(
    table: str, keys: tuple[tree.Expression, ...], rows: list[tuple[tree.Value, ...]], facts: Facts
) -> Iterator[tuple[tree.Expression, str, tuple[str, ...]]]:
    for position, key in enumerate(keys):
        texts = {row[position] for row in rows}
        can_be = _choices(key, facts)
        missing = tuple(choice for choice in key.type.choices if choice in can_be and choice not in texts)
        if missing and len(missing) < len(can_be):
            yield key, table, missing


def _choices(node: tree.Expression, facts: Facts) -> frozenset[str]:
    """What a key can be; nothing where it is no text of certain choices."""
    name = _name(node)
    if node.type.kind is not Kind.TEXT or not node.type.choices or not name:
        return frozenset()
    return facts.get(name, frozenset(node.type.choices))


def _name(node: tree.Expression) -> str:
    return node.name if isinstance(node, (*_NAMED, tree.Defined)) else ""


def _narrowed(condition: tree.Expression, facts: Facts, *, holds: bool) -> Facts:
    """What is still possible where a condition holds, or does not."""
    match condition:
        case tree.Negated(operand=operand):
            return _narrowed(operand, facts, holds=not holds)
        case tree.Defined(expression=expression):
            return _narrowed(expression, facts, holds=holds)
        case tree.AllOf(parts=members) if holds:
            for member in members:
                facts = _narrowed(member, facts, holds=True)
        case tree.AnyOf(parts=members) if not holds:
            for member in members:
                facts = _narrowed(member, facts, holds=False)
        case tree.AnyOf(parts=members) | tree.AllOf(parts=members):
            ways = [_narrowed(member, facts, holds=holds) for member in members]
            names = set(ways[0]).intersection(*ways[1:])
            facts = {**facts, **{name: frozenset().union(*(way[name] for way in ways)) for name in names}}
        case tree.Comparison(operator=("==" | "!=") as operator, left=left, right=right):
            one, other = (left, right) if isinstance(right, tree.Constant) else (right, left)
            name, choices = _name(one), _choices(one, facts)
            if name and choices and isinstance(other, tree.Constant) and isinstance(other.value, str):
                chosen = frozenset((other.value,))
                facts = {**facts, name: choices & chosen if (operator == "==") is holds else choices - chosen}
    return facts
