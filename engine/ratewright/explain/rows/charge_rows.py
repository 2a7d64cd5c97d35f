"""The lines of charges as rows, with what pools paid of each; many lines of one charge as their sum."""

from __future__ import annotations

from collections.abc import Sequence

from ratewright.derivation import trace
from ratewright.explain.document import Detail, Figure, Note, Row, Section
from ratewright.explain.rows.line_rows import charge_row, labelled_by_meter, money, payment_row, rule_notes, short_row
from ratewright.explain.rows.measure_notes import Key, Results, measure_notes
from ratewright.explain.rows.row_tables import LEAST, tabled
from ratewright.explain.wording.names_in_place import of_meter
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.time_phrases import beside
from ratewright.explain.wording.word_templates import marked, phrase, sentences
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Line, LineKind
from ratewright.values.calendar import Period
from ratewright.values.exact import exact, summed

_TOGETHER = 12
"""More lines of one charge do not stand among others, whatever their reasons."""


class ChargeLines:
    """The lines of a bill's charges, and what was paid of each, by the name of the charge."""

    def __init__(self, lines: Sequence[Line], say: Phrases, detail: Detail) -> None:
        self._say = say
        self._detail = detail
        self._sections: dict[str, Section | None] = {}
        self._lines: dict[str, list[Line]] = {}
        self._paid: dict[str, list[Line]] = {}
        self._paid_of: dict[tuple[str, Period | int | None, Key], list[Line]] = {}
        for line in lines:
            if line.kind is LineKind.CHARGE:
                self._lines.setdefault(line.source, []).append(line)
            elif isinstance(line.why, trace.PaymentTrace):
                self._paid.setdefault(line.why.target, []).append(line)
                self._paid_of.setdefault((line.why.target, _of(line, line.why), line.key), []).append(line)

    def __contains__(self, name: str) -> bool:
        """Whether a charge has lines."""
        return name in self._lines

    def rows(self, name: str, results: Results | None) -> list[Row]:
        """The rows of a charge, or their sums where they stand in tables of their own."""
        if self._made(name, results) is None:
            return [row for line in self._lines.get(name, []) for row in self._with_payments(line, results)]
        lines, paid = self._lines[name], self._paid.get(name, [])
        sums = [sum_row(lines, self._say, self._detail)]
        return sums + ([sum_row(paid, self._say, self._detail)] if paid else [])

    def apart(self, name: str, results: Results | None) -> list[Section]:
        """The tables of a charge of which `rows` gives the sums, and its lines with reasons of their own."""
        made = self._made(name, results)
        return [] if made is None else [made]

    def _made(self, name: str, results: Results | None) -> Section | None:
        """The section of a charge whose lines stand in tables; None where they are rows among others."""
        if name not in self._sections:
            self._sections[name] = self._section(name, results)
        return self._sections[name]

    def _section(self, name: str, results: Results | None) -> Section | None:
        lines, say, detail = self._lines.get(name, []), self._say, self._detail
        if len(lines) < LEAST:
            return None
        with marked():
            rows = [self._row(line, results) for line in lines]
        made = tabled(
            rows,
            say,
            detail,
            of=say.label_of(lines[0]),
            added=lambda row: _adds_up(row, say),
            behind=lambda row: results.of(row.node) if results is not None and isinstance(row.node, Line) else (),
        )
        if not made.tables and len(lines) <= _TOGETHER:
            return None
        with marked():
            paid = [row for member in made.members for row in self._payments(member.node)]
        paid_of = tabled(paid, say, detail)
        shown = made.rows if detail == "full" or len(made.rows) <= _TOGETHER else made.rows[:_TOGETHER]
        hidden = made.rows[len(shown) :]
        own = [each for row in shown for each in (row, *self._payments(row.node))]
        notes = sentences("why", "records", "normal", len(lines), say)
        if hidden:
            notes += sentences(
                "why", "records", "own", len(hidden), summed(r.money.amount for r in hidden if r.money), say
            )
        title = phrase("records", "title", lines[0], say)
        return Section(
            "records",
            name,
            title,
            rows=(*own, *paid_of.rows),
            notes=tuple(notes),
            tables=(*made.tables, *paid_of.tables),
            members=(*made.members, *hidden, *paid_of.members),
        )

    def measures(self, names: Sequence[str], results: Results) -> list[trace.MeasureTrace]:
        """The results of a meter that the lines of some charges tell, at the full length if not here."""
        return [measure for name in names for line in self._lines.get(name, []) for measure in results.of(line)]

    def reach_back(self, names: Sequence[str]) -> bool:
        """Whether a line of some charges is for a period that began before the bill's: its usage was counted then.

        What is priced alone, a reading or a record, was not: it counts when it ends.
        """
        start, charges = self._say.period.start, self._say.tariff.charges
        lines = (line for name in names if not charges[name].every.alone for line in self._lines.get(name, []))
        return any(line.period is not None and line.period.start < start for line in lines)

    def _with_payments(self, line: Line, results: Results | None) -> list[Row]:
        return [self._row(line, results), *self._payments(line)]

    def _row(self, line: Line, results: Results | None) -> Row:
        say, detail = self._say, self._detail
        assert isinstance(line.why, trace.ChargeTrace)
        row = charge_row(line, line.why, say, detail)
        if results is None:
            return row
        meter = results.meter
        own = of_meter(meter.meter, say)
        told = [note for m in results.of(line) for note in measure_notes(m, meter, own, detail)]
        said = tuple(note for note in row.notes if note.kind == "said")
        shown = told if detail == "full" or not said else []  # how it was measured comes behind its own sentence
        return row._replace(notes=(*said, *shown, *row.notes[len(said) :]))

    def _payments(self, line: object) -> list[Row]:
        """What pools paid of a line."""
        assert isinstance(line, Line)
        if not isinstance(line.why, trace.ChargeTrace):
            return []
        paid = self._paid_of.get((line.source, _of(line, line.why), line.key), ())
        return [payment_row(p, p.why, self._say, self._detail) for p in paid if isinstance(p.why, trace.PaymentTrace)]


def _adds_up(row: Row, say: Phrases) -> bool:
    why = row.node.why if isinstance(row.node, Line) else None
    return isinstance(why, trace.ChargeTrace) and may_be_added(why.charge, say)


def _of(line: Line, why: trace.ChargeTrace | trace.PaymentTrace) -> Period | int | None:
    """What a line is of: the record that is priced alone, whatever times it shares with others, or the period."""
    return id(why.record) if why.record is not None else line.period


def together(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines in their order, those of a charge that has a table of its own as one, and so what was paid of them."""
    by_source: dict[tuple[LineKind, str], list[Line]] = {}
    sources = [_charge_of(line) for line in lines]
    for line, source in zip(lines, sources, strict=True):
        by_source.setdefault((line.kind, source), []).append(line)
    apart = {name for (kind, name), members in by_source.items() if kind is LineKind.CHARGE and _apart(members)}
    groups: list[list[Line]] = []
    for line, source in zip(lines, sources, strict=True):
        members = by_source[line.kind, source]
        if source not in apart:
            groups.append([line])
        elif line is members[0]:
            groups.append(members)
    return groups


def short_rows(lines: Sequence[Line], say: Phrases) -> list[Row]:
    """Each line in one line, those that stand together as their sum."""
    rows = []
    for group in together(lines):
        row = short_row(group[0], say)
        if len(group) > 1:
            summed = sum_row(group, say, "short")
            row = summed._replace(label=labelled_by_meter(group[0], beside(summed.label, summed.how), say), how="")
        rows.append(row)
    return rows


def sum_row(lines: Sequence[Line], say: Phrases, detail: Detail) -> Row:
    """Many lines of one charge as one."""
    first = lines[0]
    quantity = None
    if isinstance(first.why, trace.ChargeTrace) and may_be_added(first.why.charge, say):
        used = summed(line.quantity for line in lines)
        quantity = Figure(used, first.unit, say.quantity(used, first.unit))
    amount, unrounded = (summed(getattr(line, name) for line in lines) for name in ("amount", "exact"))
    return Row(
        first.kind.value,
        first.source,
        say.label_of(first),
        quantity,
        phrase("records", "row", len(lines), "line", say),
        money(amount, unrounded, say),
        (*_by_list(lines, say), *(rule_notes(first.cite, first.rule, say) if detail == "full" else ())),
        None,
    )


def may_be_added(charge: tree.Charge, say: Phrases) -> bool:
    """Whether quantities of lines are parts of one whole: peaks and levels of different times are not."""
    return charge.on is not None and all(say.tariff.meters[name].each is not None for name in charge.meters)


def _by_list(lines: Sequence[Line], say: Phrases) -> list[Note]:
    """What the list alone asks of lines that stand together, where a contract makes a difference and it is known."""
    told = [line.contract for line in lines if line.contract is not None]
    if not told or any(one.by_list is None for one in told):
        return []
    own = summed(line.amount for line in lines if line.contract is None)
    return sentences("why", "contract", "together", exact(own + summed(one.by_list or 0 for one in told)), say)


def _charge_of(line: Line) -> str:
    """The charge that a line is of, or that it pays for."""
    return line.why.target if isinstance(line.why, trace.PaymentTrace) else line.source


def _apart(lines: Sequence[Line]) -> bool:
    """Whether there are so many lines of one charge that they have one row among others, with their sum."""
    return len(lines) > _TOGETHER
