"""Values of tables as bills print them, looked up again by the keys that are told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from whenever import Instant

from ratewright.meaning import nodes as tree
from ratewright.meaning.formulas import formulas_of
from ratewright.meaning.walk import nodes_in
from ratewright.rating.bill import Bill
from tests.explain.equations import NoEquationError, value_of
from tests.explain.reason import Reason

PLACE = re.compile(r"(?:, where .*,)? is written at (?P<place>\S+)$")
BEHIND = re.compile(r" (?:is|=) (?P<value>[^()“”]+?)(?: \(.*)?(?:, | and |$)")
BEFORE = re.compile(r"(?:the bound )?(?P<value>[^“”]+) is ")
ALONE = re.compile(r"(?:, where .*)?$")


class LookedUp:
    """The columns of a price list that its formulas look up, by how sentences call them."""

    def __init__(self, bill: Bill) -> None:
        self._bill = bill
        lookups = (each for formula in formulas_of(bill.tariff) for each in nodes_in(formula.expression, tree.Lookup))
        columns = {(lookup.table.name, lookup.table.column): lookup.table for lookup in lookups}
        self._columns = [
            (re.compile(rf"(?<![\w“]){re.escape(name)} ?\[(?P<keys>[^\[\]]*)\]{re.escape(behind)}"), column)
            for (table, of), column in columns.items()
            for name, behind in {(table, of and f".{of}"), (_words(table), of and f" {_words(of)}")}
        ]

    def reasons(self, text: str) -> Iterator[Reason]:
        """What a sentence says of cells: what stands in one, and where it is written."""
        for pattern, column in self._columns:
            for found in pattern.finditer(text):
                before, behind = text[: found.start()], text[found.end() :]
                if place := PLACE.match(behind):
                    yield Reason("cell", found[0], self._is_at(column, found["keys"], place["place"]), text)
                elif (value := BEHIND.match(behind)) or ((value := BEFORE.fullmatch(before)) and ALONE.match(behind)):
                    yield Reason("row", found[0], self._holds(column, found["keys"], value["value"]), text)

    def _is_at(self, column: tree.LookupColumn, keys: str, place: str) -> bool | None:
        cells = self._cells(column, keys.split(", "))
        return None if cells is None else place in {cell.span.place for cell in cells}

    def _holds(self, column: tree.LookupColumn, keys: str, value: str) -> bool | None:
        """Whether a value stands in the cell of some keys; None where that is no figure and no word."""
        cells = self._cells(column, keys.split(", "))
        if cells is None:
            return None
        answers = {self._same(value, cell.value.value) for cell in cells if isinstance(cell.value, tree.Constant)}
        return (
            None if None in answers or not all(isinstance(c.value, tree.Constant) for c in cells) else True in answers
        )

    def _cells(self, column: tree.LookupColumn, asked: list[str]) -> list[tree.Cell] | None:
        """The cells that told keys lead to: none or one. None where a key cannot be read."""
        if len(asked) != len(column.by):
            return None
        rows: Iterable[tree.LookupRow] = column.rows
        if column.ranged:
            held = [self._is_in(asked[0], row) for row in column.rows]
            if None in held[: held.index(True) if True in held else len(held)]:
                return None
            rows, asked = column.rows[held.index(True) :][:1] if True in held else (), asked[1:]
        rows = list(rows)
        named = [{keys[number] for row in rows for keys in row.cells} for number in range(len(asked))]
        return [cell for row in rows for keys, cell in row.cells.items() if all(map(self._is_key, asked, keys, named))]

    def _is_key(self, told: str, key: tree.Value | tree.Rest, named: set[tree.Value | tree.Rest]) -> bool | None:
        """Whether a key is the one that is told. `brazil (else)` says that no row names brazil, and `else` holds it."""
        if isinstance(key, tree.Rest):
            value, marked, _ = told.partition(" (else)")
            return bool(marked) and not any(self._same(value, one) for one in named if not isinstance(one, tree.Rest))
        return self._same(told, key)

    def _is_in(self, told: str, row: tree.LookupRow) -> bool | None:
        """Whether a figure lies below the end of a range; that of each range is asked behind those before it."""
        if row.bound is None or row.bound.limit is None:
            return True
        if not isinstance(row.bound.limit, tree.Constant):
            return None
        try:
            figure = value_of(told, self._bill.tariff.units, self._bill.tariff.currency)
        except NoEquationError:
            return None
        limit = row.bound.limit.value
        if figure.least != figure.most:
            return None
        return figure.most < limit or (row.bound.inside and figure.most == limit)

    def _same(self, told: str, value: tree.Value) -> bool | None:
        """Whether a text says a value; None where it is neither a figure nor a word."""
        if isinstance(value, bool):
            return told == ("on" if value else "off")
        if isinstance(value, str):
            return told == value
        if isinstance(value, Instant):
            return told == str(value.to_tz(self._bill.tariff.timezone).date())
        try:
            figure = value_of(told, self._bill.tariff.units, self._bill.tariff.currency)
            return bool(figure.least <= value <= figure.most)
        except (NoEquationError, TypeError):
            return None


def _words(name: str) -> str:
    return name.replace("_", " ")
