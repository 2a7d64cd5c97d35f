"""A comparison of two bills to its document: a section for each input that made a difference, and the two sums."""

from __future__ import annotations

from collections.abc import Sequence

from ratewright.comparison.inputs import Input
from ratewright.comparison.parts import Comparison, Part
from ratewright.comparison.side import Side
from ratewright.explain.document import Detail, Document, Note, Quoted, Row, Section
from ratewright.explain.rows.comparison_rows import line_of, more, part_row, say_of
from ratewright.explain.rows.line_rows import money
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.time_phrases import listed
from ratewright.explain.wording.titles import title_of
from ratewright.explain.wording.word_templates import clean, phrase, sentences, wording
from ratewright.rating.bill import Bill
from ratewright.values.exact import Exact, summed

_PLUS = "+"
"""Between the inputs in the name of a section."""


def assemble_comparison(comparison: Comparison, detail: Detail) -> Document:
    """What changed between two bills, and why."""
    say = say_of(comparison.now[-1])
    was, now = names_of(comparison, say)
    sections = _sections(comparison, say, detail)
    rules: tuple[Quoted, ...] = ()
    if detail == "full":
        sections, rules = _with_rules(comparison, sections)
    lists = "; ".join(dict.fromkeys([_list(comparison.now), _list(comparison.was)]))
    idle = listed([phrase("comparison", "input", each.value) for each in comparison.idle])
    return Document(
        phrase("comparison", "title", comparison.sides[1].usage.account, was, now),
        tuple(note.text for note in sentences("why", "comparison", "heading", comparison, lists, say)),
        tuple(sections),
        (
            _sum("was", phrase("comparison", "due", was), comparison.due_was, say),
            *_ladder(sections, say),
            _sum("now", phrase("comparison", "due", now), comparison.due_now, say),
            Row("sum", "difference", phrase("comparison", "difference"), money=more(comparison.difference, say)),
        ),
        tuple(sentences("more", "comparison", "idle", idle)) if detail == "full" and idle else (),
        detail,
        comparison,
        rules=rules,
    )


def _with_rules(comparison: Comparison, sections: Sequence[Section]) -> tuple[list[Section], tuple[Quoted, ...]]:
    """The sections with the places of the rules of their rows, and what stands there."""
    from ratewright.explain.sections.rule_places import RuleFiles

    files = RuleFiles([*comparison.was, *comparison.now])

    def placed(row: Row) -> Row:
        change = row.node.change if isinstance(row.node, Part) else None
        rule = None if change is None else files.at(line_of(change).rule)
        return row._replace(rule=rule, notes=files.linked(row.notes))

    told = [section._replace(rows=tuple(map(placed, section.rows))) for section in sections]
    return told, files.quoted()


def _sum(name: str, label: str, amount: Exact, say: Phrases) -> Row:
    return Row("sum", name, label, money=money(amount, amount, say))


def _ladder(sections: Sequence[Section], say: Phrases) -> list[Row]:
    """What each section adds, from one sum to the other, where there are several."""
    rows = [
        Row("sum", part.name or part.kind, _inputs(part.name), money=more(_of(part), say))
        for part in sections
        if part.rows
    ]
    return rows if len(rows) > 1 else []


def _of(section: Section) -> Exact:
    return summed(row.money.amount for row in section.rows if row.money is not None)


def names_of(comparison: Comparison, say: Phrases) -> tuple[str, str]:
    """What the two bills are called: by what differs, their periods, usage files or price lists."""
    was, now = comparison.sides
    if was.period != now.period:
        return _period(was, say), _period(now, say)
    if was.usage.source.name != now.usage.source.name:
        return clean(was.usage.source.name), clean(now.usage.source.name)
    lists = _list(comparison.was), _list(comparison.now)
    if lists[0] != lists[1]:
        return lists
    return clean(was.plans[-1].tariff.file.name), clean(now.plans[-1].tariff.file.name)


def _period(side: Side, say: Phrases) -> str:
    return say.stretch(side.period.start, side.period.end)


def _list(bills: tuple[Bill, ...]) -> str:
    """The price lists that a bill was made by."""
    return say_of(bills[0]).price_lists(bills)


def _sections(comparison: Comparison, say: Phrases, detail: Detail) -> list[Section]:
    by_inputs: dict[tuple[Input, ...], list[Part]] = {}
    for part in comparison.parts:
        by_inputs.setdefault(part.inputs, []).append(part)
    if not by_inputs:
        return [Section("nothing", "", "", notes=tuple(sentences("why", "comparison", "nothing")))]
    return [_section(comparison, inputs, parts, say, detail) for inputs, parts in by_inputs.items()]


def _section(
    comparison: Comparison, inputs: tuple[Input, ...], parts: Sequence[Part], say: Phrases, detail: Detail
) -> Section:
    rows = [part_row(part, comparison, say, detail) for part in parts]
    rows = [row._replace(notes=_not_again(row, last)) for row, last in zip(rows, [None, *rows], strict=False)]
    name = _PLUS.join(each.value for each in inputs)
    remark = ""
    if len(rows) > 1:
        remark = phrase("comparison", "in_all", more(summed(part.amount for part in parts), say).text)
    notes = _notes(comparison, inputs, say) if detail != "short" else []
    kind = inputs[0].value if inputs else "rounding"
    return Section(kind, name, phrase("comparison", "section", _inputs(name)), None, remark, tuple(rows), tuple(notes))


def _not_again(row: Row, last: Row | None) -> tuple[Note, ...]:
    """The notes of a row without the rule that stands with the row before it."""
    before = set() if last is None else {note for note in last.notes if note.kind in ("quote", "rule")}
    return tuple(note for note in row.notes if note not in before)


def _inputs(name: str) -> str:
    """What the inputs of a section are called together; what no input made is rounding."""
    if not name:
        return phrase("comparison", "rounded")
    return listed([phrase("comparison", "input", each) for each in name.split(_PLUS)])


def _notes(comparison: Comparison, inputs: tuple[Input, ...], say: Phrases) -> list[Note]:
    """What of an input is another, where rows do not say it; and why several were exchanged at once."""
    notes: list[Note] = []
    was, now = comparison.was, comparison.now
    if Input.LIST in inputs and _list(was) != _list(now):
        notes += sentences("why", "comparison", "lists", _list(was), _list(now))
    if Input.SETTINGS in inputs:
        notes += _settings(was[0], now[0])
    if Input.CALENDAR in inputs:
        days = [side.calendar.days_in(side.period) for side in comparison.sides]
        if days[0] != days[1]:
            periods = [_period(side, say) for side in comparison.sides]
            notes += sentences("why", "comparison", "days", *periods, *days, say)
    for joined in comparison.joined:
        if joined.inputs == inputs:
            notes += sentences("why", "comparison", "joined", wording("finding", "told", joined.why, say))
    return notes


def _settings(was: Bill, now: Bill) -> list[Note]:
    """The settings that are others, or change otherwise."""
    before = {setting.name: (values, say_of(was)) for setting, values in was.settings}
    notes: list[Note] = []
    for setting, values in now.settings:
        old, say = before.get(setting.name, ((), say_of(was)))
        texts = phrase("setting", "row", old, say), phrase("setting", "row", values, say_of(now))
        if texts[0] != texts[1]:
            notes += sentences("why", "comparison", "setting", title_of(setting, now.tariff), *texts)
    return notes
