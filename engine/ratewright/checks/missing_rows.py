"""Lookups by something that may be what no row has, as far as the conditions around them do not exclude it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ratewright.advice.words import listed
from ratewright.diagnostics import Diagnostic, Severity
from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import Formula, Role, formulas_of
from ratewright.meaning.possible_values import Facts, narrowed, possible_values
from ratewright.meaning.walk import children

_FEW = 8


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
        "if it is never asked for then, nothing is to be done; else add a row, `else` for the rest, or `not sold`",
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
        case tree.Limit():
            return facts
    return narrowed(when, facts, holds=True) if when is not None and under_when else facts


def _counted(conditions: Iterable[tree.Where]) -> Facts:
    """What is left of the values of records that meet the conditions."""
    facts: Facts = {}
    for where in conditions:
        facts = narrowed(where.condition, facts, holds=True)
    return facts


def _gaps(node: tree.Expression, facts: Facts) -> Iterator[tuple[tree.Expression, str, tuple[str, ...]]]:
    """The keys of lookups that may be what no row has: the key, the table, and what that is."""
    match node:
        case tree.Choose(condition=condition, yes=yes, no=no):
            yield from _gaps(condition, facts)
            yield from _gaps(yes, narrowed(condition, facts, holds=True))
            yield from _gaps(no, narrowed(condition, facts, holds=False))
            return
        case tree.AllOf(parts=members) | tree.AnyOf(parts=members):
            for member in members:
                yield from _gaps(member, facts)
                facts = narrowed(member, facts, holds=isinstance(node, tree.AllOf))
            return
        case tree.Lookup(table=table, keys=keys):
            asked = keys[1:] if table.ranged else keys
            yield from _missing(table.name, asked, [key for row in table.rows for key in row.cells], facts)
        case tree.RowsOf(name=name, keys=keys, columns=columns):
            yield from _missing(name, keys, list(columns), facts)
    for child in children(node):
        yield from _gaps(child, facts)


def _missing(
    table: str, keys: tuple[tree.Expression, ...], rows: list[tree.TableKey], facts: Facts
) -> Iterator[tuple[tree.Expression, str, tuple[str, ...]]]:
    for position, key in enumerate(keys):
        texts = {row[position] for row in rows}
        can_be = possible_values(key, facts) if key.type.choices else ()
        missing = tuple(choice for choice in can_be if choice not in texts)
        if missing and tree.Rest.ELSE not in texts and len(missing) < len(can_be):
            yield key, table, missing
