"""Tables at work: a cell by its keys, and the rows of a table as tiers."""

from __future__ import annotations

from typing import Any

from ratewright.formula.compiler import Compiler, function_of
from ratewright.formula.errors import key_text, missing_key, not_sold
from ratewright.formula.given import OBSERVER, REACHED, Evaluator, Values
from ratewright.meaning import nodes as n


@function_of.register
def _(node: n.Lookup, compile_: Compiler) -> Evaluator:
    table, span, observed = node.table, node.span, compile_.observed
    keys = [compile_(key) for key in node.keys]
    names = table.by[1:] if table.ranged else table.by
    rows = [
        (
            compile_.kept(row.bound.limit) if row.bound is not None and row.bound.limit is not None else None,
            row.bound is not None and row.bound.inside,
            row.cells,
        )
        for row in table.rows
    ]

    def lookup(values: Values) -> Any:
        asked = [key(values) for key in keys]
        cells = rows[0][2]
        if table.ranged:
            value = asked.pop(0)
            for limit, inside, row_cells in rows:
                top = limit(values) if limit is not None else None
                if top is None or value < top or (inside and value == top):
                    cells = row_cells
                    break
        cell = cells.get(tuple(asked))
        if cell is None:
            raise missing_key(table.name, names, asked, span, cells)
        places = values.get(REACHED)
        if places is not None:
            places.add(cell.span)
        if observed:
            values[OBSERVER].reached(node, cell)
        if cell.value is None:
            of = key_text(names, asked)
            raise not_sold(f"`{span.text}`{f' for {of}' if of else ''}", cell.span)
        return compile_.kept(cell.value)(values)

    return lookup


@function_of.register
def _(node: n.RowsOf, compile_: Compiler) -> Evaluator:
    keys = [compile_(key) for key in node.keys]
    names = [key.span.text for key in node.keys]
    observed = compile_.observed

    def rows(values: Values) -> Any:
        key = tuple([k(values) for k in keys])
        found = node.columns.get(key)
        if found is None:
            raise missing_key(node.name, names, key, node.span, node.columns)
        if observed:
            values[OBSERVER].chose(node, found)
        return found

    return rows
