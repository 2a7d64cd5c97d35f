"""What uses what: formulas and tables that nothing names, rows that no lookup asks for."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.meaning import nodes as n
from ratewright.resolve.context import Context
from ratewright.resolve.tables import Table, TableContext
from ratewright.syntax import nodes as s


def note_key(table: Table, position: int, choices: tuple[str, ...]) -> None:
    """Note what a table is looked up by: `choices` are the texts that the key can be, none if it can be any."""
    known = table.asked.setdefault(position, set())
    if not choices or known is None:
        table.asked[position] = None  # anything
        return
    known.update(choices)


def uses_of(file: s.File, context: TableContext) -> n.Uses:
    """What was used while a file was resolved. The steps of meters are left out: they are there to be seen."""
    names = [*_formulas(file, context)]
    unasked: list[n.UnaskedKey] = []
    for table in context.tables.values():
        names += _table(table)
        unasked += _unasked(table)
    return n.Uses(tuple(names), tuple(unasked))


def _formulas(file: s.File, context: Context) -> Iterator[n.NameUse]:
    for declaration in file.declarations:
        inside = () if isinstance(declaration, s.Meter) else declaration.statements
        for define in (declaration, *inside):
            if isinstance(define, s.Define):
                yield n.NameUse(define.name.span, "define", define.name.text, "", id(define) in context.named.used)


def _table(table: Table) -> Iterator[n.NameUse]:
    yield n.NameUse(table.declaration.name.span, "table", table.name, "", table.used)
    if table.used and table.layout is not None and table.layout.named:
        for name in table.layout.header:
            yield n.NameUse(name.span, "column", name.text, table.name, name.text in table.used_columns)


def _unasked(table: Table) -> Iterator[n.UnaskedKey]:
    layout = table.layout
    for position, asked in table.asked.items():
        if not asked or layout is None:
            continue
        known = tuple(sorted(asked))
        if layout.header and not layout.named and position == len(table.by) - 1:
            keys = [(name.span, name.text) for name in layout.header]
        else:
            at = position - (1 if layout.ranged else 0)
            sold = [line for line in layout.lines if any(isinstance(c, s.Number) or c.terms for c in line.cells)]
            texts = [key for line in sold for key in line.keys[at] if isinstance(key, s.Text)]
            keys = [(key.span, key.text) for key in texts]
        seen: set[str] = set()
        for span, key in keys:
            if key not in asked and key not in seen:
                seen.add(key)
                yield n.UnaskedKey(span, table.name, table.by[position], key, known)
