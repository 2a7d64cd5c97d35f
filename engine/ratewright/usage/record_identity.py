"""Which records are the same: source and id together, as in CloudEvents.

A record sent twice counts once, whichever of the two comes first and whichever file it is in. Two
records of one identity that say different things are an error, since either could be the true one.
"""

from __future__ import annotations

from operator import attrgetter

from ratewright.usage import codes
from ratewright.usage.findings import Findings
from ratewright.usage.model import Record, field_text

_SOURCE, _ID = attrgetter("source"), attrgetter("id")


class Identities:
    """The records seen so far whose id was given."""

    def __init__(self) -> None:
        self._by_source: dict[str, dict[str, Record]] = {}

    def is_new(self, record: Record, findings: Findings) -> bool:
        """Whether the record counts. A conflict with an earlier one is added to `findings`."""
        ids = self._by_source.get(record.source)
        if ids is None:
            ids = self._by_source[record.source] = {}
        first = ids.setdefault(record.id, record)
        if first is record:
            return True
        if _content(first) != _content(record):
            findings.add(
                codes.CONFLICT,
                f"the record `{record.id}` of `{record.source}` says something else than an earlier one",
                record.place.span,
                "give different records different ids; a record sent again says the same as before",
                also=(f"the other is in {first.place.span.place}", first.place.span),
            )
        return False

    def new_of(self, records: list[Record], findings: Findings) -> list[Record]:
        """Those of the records that count, as `is_new` says of each."""
        if len(set(map(_SOURCE, records))) == 1:
            seen = self._by_source.setdefault(records[0].source, {})
            by_id = dict(zip(map(_ID, records), records, strict=True))
            if len(by_id) == len(records) and seen.keys().isdisjoint(by_id):
                seen.update(by_id)
                return records
        return [record for record in records if self.is_new(record, findings)]

    def check_made_ids(self, files: frozenset[str], source: str, findings: Findings) -> None:
        """Refuse ids that records without one may have been given: `acme.csv:12` for a line of `acme.csv`."""
        if not files:
            return
        for id, record in self._by_source.get(source, {}).items():
            name, _, line = id.rpartition(":")
            if name in files and line.replace("/", "").isdecimal():
                findings.add(
                    codes.RESERVED_ID,
                    f"the id `{id}` could be that of a record without one",
                    record.place.span,
                    f"give the records of `{name}` ids, or name this one otherwise",
                )


def _content(record: Record) -> tuple[object, ...]:
    return (
        record.meter,
        record.form,
        record.start,
        record.end,
        record.quantity,
        {name: field_text(value) for name, value in record.fields.items()},
        record.subaccount,
        record.lasts,
        record.measured,
        record.reported,
    )
