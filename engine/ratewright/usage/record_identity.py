"""Which records are the same: source and id together, as in CloudEvents.

A record sent twice counts once, whichever of the two comes first and whichever file it is in. Two
records of one identity that say different things are an error, since either could be the true one.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from whenever import Date

from ratewright.usage import codes
from ratewright.usage.findings import Findings
from ratewright.usage.model import Amount, Form, Record, field_text
from ratewright.values.calendar import Moment
from ratewright.values.units import builtin_units

_SOURCE, _ID = attrgetter("source"), attrgetter("id")
_UNITS = builtin_units(None)


class Identities:
    """The records seen so far whose id was given."""

    def __init__(self) -> None:
        self._by_source: dict[str, dict[str, Record]] = {}

    def is_new(self, record: Record, findings: Findings) -> bool:
        """Whether the record counts. A conflict with an earlier one is added to `findings`."""
        if record.id is None:
            return True
        ids = self._by_source.get(record.source)
        if ids is None:
            ids = self._by_source[record.source] = {}
        first = ids.setdefault(record.id, record)
        if first is record:
            return True
        if difference := next(_differences(record, first), None):
            key, here, there = difference
            findings.add_of_record(
                codes.CONFLICT,
                f"the record `{record.id}` of `{record.source}` has {here} here, and {there} the other time",
                key,
                "give different records different ids; a record sent again says the same as before",
                lambda _: record.place.span,
                also=lambda: (f"the other is in {first.place.span.place}", first.place.span),
            )
        return False

    def new_of(self, records: list[Record], findings: Findings) -> list[Record]:
        """Those of the records that count, as `is_new` says of each."""
        if len(set(map(_SOURCE, records))) == 1:
            seen = self._by_source.setdefault(records[0].source, {})
            by_id = dict(zip(map(_ID, records), records, strict=True))
            if None not in by_id and len(by_id) == len(records) and seen.keys().isdisjoint(by_id):
                seen.update(by_id)
                return records
        return [record for record in records if self.is_new(record, findings)]


def _differences(one: Record, other: Record) -> Iterator[tuple[str, str, str]]:
    """Each key that the two differ in, with what they say of it: `region: eu`, or `no region`."""
    ours, theirs = _said(one), _said(other)
    for key in {**ours, **theirs}:
        mine, its = ours.get(key), theirs.get(key)
        if mine is None or its is None or mine[0] != its[0]:
            yield key, _shown(key, mine), _shown(key, its)


def _shown(key: str, said: tuple[object, str] | None) -> str:
    return f"no `{key}`" if said is None else f"`{key}: {said[1]}`"


def _period(start: Moment, end: Moment | None) -> str:
    """A total's day, month or year, as usage files write it."""
    if not isinstance(start, Date) or end == start.add(days=1):
        return str(start)
    return str(start)[: len("2026-03")] if end == start.add(months=1) else str(start)[: len("2026")]


def _said(record: Record) -> dict[str, tuple[object, str]]:
    """By key what the record says: something that is equal where the same is meant, and its text."""
    said: dict[str, tuple[object, str]] = {"meter": (record.meter, record.meter)}
    match record.form:
        case Form.EVENT:
            said["at"] = (record.start, str(record.start))
        case Form.STATE:
            said["from"], said["to"] = (record.start, str(record.start)), (record.end, str(record.end))
        case Form.TOTAL:
            period = _period(record.start, record.end)
            said["in"] = (period, period)
    said["measured" if record.measured else "quantity"] = _amount(record.quantity)
    for name, value in record.fields.items():
        # As text: whether `1.10` is the number 1.1 only the rule file knows.
        said[name] = (field_text(value), field_text(value))
    if record.subaccount is not None:
        said["subaccount"] = (record.subaccount, record.subaccount)
    if record.lasts is not None:
        said["lasts"] = _amount(record.lasts)
    if record.reported is not None:
        said["reported"] = (record.reported, str(record.reported))
    return said


def _amount(amount: Amount) -> tuple[object, str]:
    """Equal for equal amounts: of time and of other units that mean the same everywhere also across units."""
    unit = _UNITS.get(amount.unit) if amount.unit is not None else None
    if unit is None:
        return amount, field_text(amount)
    return (amount.number * unit.scale, unit.dimension), field_text(amount)
