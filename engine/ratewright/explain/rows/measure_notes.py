"""How a meter came to what it measured over a whole period: the samples it took, its steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from ratewright.derivation import trace
from ratewright.explain.document import Detail, Figure, Note, Row, Table
from ratewright.explain.rows.line_rows import kind_of
from ratewright.explain.rows.row_tables import tabled
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import marked, phrase, sentences
from ratewright.rating.bill import Line
from ratewright.values.calendar import Period

Key = tuple[tuple[str, str], ...]
"""What a line or a result is kept apart by."""

_RESULTS_SHOWN = 5
_VALUES_SHOWN: dict[Detail, int] = {"short": 0, "normal": 10, "full": 31}


class Results:
    """What a meter measured over whole periods, by the lines that price it."""

    def __init__(self, meter: trace.MeterTrace) -> None:
        self.meter = meter
        self._results: dict[tuple[Period | int | None, Key], list[trace.MeasureTrace]] = defaultdict(list)
        for measure in meter.measures:
            self._results[_of(measure), measure.key].append(measure)

    def of(self, line: Line) -> Sequence[trace.MeasureTrace]:
        """The results that a line prices: those of its own record, or period, and key."""
        return self._results.get((_of(line.why), line.key), ()) if isinstance(line.why, trace.ChargeTrace) else ()


def _of(told: trace.MeasureTrace | trace.ChargeTrace) -> Period | int | None:
    """The record that was measured or priced alone, whatever times it shares with others; else the period."""
    return id(told.record) if told.record is not None else told.period


def measure_notes(measure: trace.MeasureTrace, meter: trace.MeterTrace, say: Phrases, detail: Detail) -> list[Note]:
    """A result below the line that prices it."""
    return _told(measure, meter, False, say, detail)


def further_measures(
    meter: trace.MeterTrace, told: list[trace.MeasureTrace], say: Phrases, detail: Detail
) -> tuple[list[Note], tuple[Table, ...]]:
    """The results that no line tells: as notes, of many only the first unless all is asked for, or those that came
    about alike as tables."""
    known = set(map(id, told))
    rest = [measure for measure in meter.measures if id(measure) not in known]
    with marked():
        rows = [_result_row(measure, meter, say, detail) for measure in rest]
    made = tabled([row for row in rows if row.notes], say, detail, of=say.title(meter.meter))
    shown = made.rows if detail == "full" else made.rows[:_RESULTS_SHOWN]
    notes = [note for row in shown for note in row.notes]
    if len(made.rows) > len(shown):
        notes += sentences("why", "measure", "more", len(made.rows) - len(shown), say)
    return notes, made.tables


def _result_row(measure: trace.MeasureTrace, meter: trace.MeterTrace, say: Phrases, detail: Detail) -> Row:
    unit = meter.meter.unit
    quantity = Figure(measure.quantity, unit, say.quantity(measure.quantity, unit))
    notes = tuple(_told(measure, meter, True, say, detail))
    return Row("result", meter.meter.name, say.title(meter.meter), quantity, "", None, notes, measure)


def _told(
    measure: trace.MeasureTrace, meter: trace.MeterTrace, named: bool, say: Phrases, detail: Detail
) -> list[Note]:
    own = next((taken for taken in measure.samples if taken.text == measure.text and _has_tail(taken)), None)
    tail = "" if own is None else phrase(kind_of(own), "tail", own, _VALUES_SHOWN["normal"], say)
    told = {reading.name for reading in say.flat(measure.how.readings)} if measure.how is not None else set()
    notes: list[Note] = []
    if not say.plain_sum(meter.meter):
        notes += sentences("why", "measure", "normal", measure, meter.meter, named, tail, say)
        if measure.how is not None and (measure.quantity or detail == "full"):  # of nothing no step is asked for
            notes += sentences("why", "reading", "nested", measure.how.readings, say)
    for taken in measure.samples:
        if taken is not own:
            notes += sentences("why", kind_of(taken), "normal", taken, _VALUES_SHOWN["normal"], say)
    for step in measure.steps:
        if step.name not in told:
            notes += sentences("why", "step", "normal", step, say)
    if detail == "full":
        for taken in measure.samples:
            further = sentences("more", kind_of(taken), "normal", taken, _VALUES_SHOWN["full"], say)
            notes += [note for note in further if taken is not own and note.text not in {n.text for n in notes}]
        for step in measure.steps:
            notes += sentences("more", "step", "full", step, _VALUES_SHOWN["full"], say)
    return notes


def _has_tail(taken: trace.TakenTrace) -> bool:
    return isinstance(taken, trace.SampleTrace | trace.DistinctTrace)
