"""Records → pieces of usage: what each adds to the meters that it counts for, when, and which do not count."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter

from ratewright.account.binder import Binder
from ratewright.account.counted.bind_meter import MeterBinder
from ratewright.account.counted.given_results import check_results
from ratewright.account.counted.pieces import BoundRecord, Counted, pieces_in_order
from ratewright.account.counted.record_reader import Facts, RecordReader
from ratewright.account.settings.in_force import InForce
from ratewright.account.settings.setting_timeline import Settings
from ratewright.meaning import nodes as tree
from ratewright.usage.model import Record
from ratewright.values.calendar import Period, seconds_between

Reads = tuple[RecordReader, list[MeterBinder], bool]
"""What reads the records of a meter, the meters that they count for, and whether something asks for these always."""

Counting = dict[tuple[str, bool], Reads | None]
"""By the meter of records, and whether they are results."""


def bind_records(binder: Binder, settings: Settings, in_force: InForce) -> tuple[Counted, tuple[BoundRecord, ...]]:
    """Bind every record. Returns what counts, and the tasks: records with a duration on limited meters."""
    counted = Counted()
    tasks: list[BoundRecord] = []
    limited = binder.plan.features.limited
    counting: Counting = {}
    for record in binder.usage.records:
        asked = (record.meter, record.measured)
        if asked not in counting:
            counting[asked] = _counting(record, binder, settings, in_force, counted)
        found = counting[asked]
        if found is None:
            continue
        reader, meters, always = found
        if record.measured:
            meters[0].bind_measured(record)
            continue
        facts = reader.read(record)
        if facts is None:
            continue
        if always:
            for binding in meters:
                binding.bind(facts)
        else:
            _count(facts, meters, in_force)
        if facts.lasted and record.meter in limited:
            tasks += _task(facts, binder)
    past = _bind_history(binder, settings, in_force, counted, counting)
    tasks += (one for one in past if one.record.meter in limited)
    if not counting:
        return counted, ()
    for found in counting.values():
        for meter in found[1] if found is not None else ():
            meter.finish()
    check_results(binder, counted)
    counted.pieces = pieces_in_order(counted.pieces)
    counted.left.sort(key=attrgetter("start"))
    return counted, tuple(tasks)


def _count(facts: Facts, meters: list[MeterBinder], in_force: InForce) -> None:
    """Count a record for the meters that something in force asks for; for the others only where it is left by all
    that are served, so that no usage goes by without a word."""
    stretch = Period(facts.start, facts.end or facts.start)
    quiet = [binding for binding in meters if not in_force.meter(binding.meter.name, stretch)]
    served = False
    for binding in meters:
        if binding not in quiet and binding.bind(facts) and quiet:
            served = served or in_force.served(binding.meter.name, stretch)
    for binding in quiet if not served else ():
        binding.bind(facts)


def _counting(record: Record, binder: Binder, settings: Settings, in_force: InForce, counted: Counted) -> Reads | None:
    """What becomes of records of the record's meter; None if it has none (reported)."""
    members = _readers(record, binder)
    if not members:
        return None
    reader = RecordReader(members[0], binder, counted.reached)
    always = all(in_force.always(meter.name) for meter in members)
    return reader, [MeterBinder(meter, reader, settings, counted) for meter in members], always


def _bind_history(
    binder: Binder, settings: Settings, in_force: InForce, counted: Counted, counting: Counting
) -> Iterator[BoundRecord]:
    """Records from before the opening count for nothing, but measures may look back at them. Returns those that may
    still run."""
    for record in binder.usage.history or ():
        asked = (record.meter, record.measured)
        if asked not in counting:
            counting[asked] = _counting(record, binder, settings, in_force, counted)
        found = counting[asked]
        _check_past(record, binder)
        facts = found[0].read(record, past=True) if found is not None and not record.measured else None
        if found is None or facts is None:
            continue
        for meter in found[1]:
            meter.bind_past(facts)
        yield from _task(facts, binder)


def _task(facts: Facts, binder: Binder) -> Iterator[BoundRecord]:
    """The task that a record is: none without a duration, and one where a change of the list cut it."""
    record = facts.record
    if facts.lasted <= 0 or record.goes_on:
        return
    start, end, lasted = facts.start, facts.end, facts.lasted
    if record.whole is not None:
        start, end = (binder.instant(moment, record.place) for moment in record.whole)
        lasted = seconds_between(start, end)
    yield BoundRecord(start, end, record, facts.values, lasted)


def _check_past(record: Record, binder: Binder) -> None:
    start = binder.instant(record.start, record.place)
    end = binder.instant(record.end, record.place) if record.end is not None else start
    if binder.opening is None or start >= binder.opening or end > binder.opening:
        binder.problems.add(
            "A202",
            "this record of `history` is not from before the opening",
            record.place,
            "move it to `usage`" if binder.opening is not None else "say by `opening` from when on usage is billed",
        )


def _readers(record: Record, binder: Binder) -> list[tree.Meter]:
    """The meters that a record counts for: its own, and those that read its records."""
    meter = binder.tariff.meters.get(record.meter)
    if meter is None:
        binder.known("meter", record.meter, binder.tariff.meters, record.place, "A101")
        return []
    if record.measured:
        return [meter]
    if meter.reads:
        binder.problems.add(
            "A101",
            f"meter `{meter.name}` has no records of its own: it reads those of `{meter.reads}`",
            record.place,
            f"give it as a record of `{meter.reads}`, or as a measured value",
        )
        return []
    return [binder.tariff.meters[name] for name in binder.plan.meters[meter.name].readers]
