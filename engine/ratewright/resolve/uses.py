"""What uses what: formulas and tables that nothing names, rows that no lookup asks for."""

from __future__ import annotations

from collections.abc import Iterator

from ratewright.meaning import nodes as n
from ratewright.resolve.context import Context
from ratewright.resolve.table_layout import Key
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
        for name in table.layout.columns:
            yield n.NameUse(name.span, "column", name.text, table.name, name.text in table.used_columns)


def _unasked(table: Table) -> Iterator[n.UnaskedKey]:
    layout = table.layout
    for position, asked in table.asked.items():
        if not asked or layout is None:
            continue
        known = tuple(sorted(asked))
        keys: list[Key | s.Name]
        across = bool(layout.across) and position == len(table.by) - 1
        if across:
            keys = list(layout.across)
        else:
            at = position - (1 if layout.ranged else 0)
            sold = [line for line in layout.lines if any(isinstance(c, s.Number) or c.terms for c in line.cells)]
            keys = [key for line in sold for key in line.keys[at]]
        seen: set[str] = set()
        for key in keys:
            if isinstance(key, s.Text | s.Name) and key.text not in asked and key.text not in seen:
                seen.add(key.text)
                yield n.UnaskedKey(key.span, table.name, table.by[position], key.text, known)
        rest = next((key for key in keys if isinstance(key, s.Rest)), None)
        alone = across or len(layout.lines[0].keys) == 1  # else `else` may hold what is named beside other keys
        if rest is not None and alone and asked <= set(table.key_choices(position)):
            yield n.UnaskedKey(rest.span, table.name, table.by[position], "else", known, rest=True)
