"""What records tell beside their quantity: their fields as values of the types that their meter declares."""

from __future__ import annotations

from typing import Any

from ratewright.account.binder import Binder
from ratewright.diagnostics import did_you_mean
from ratewright.meaning import nodes as tree
from ratewright.meaning.types import Kind
from ratewright.usage.model import Amount, Record, field_text
from ratewright.usage.record_texts import KEYS
from ratewright.values.units import Unit


class RecordFields:
    """The fields of the records of one meter; what repeats from record to record is read once."""

    def __init__(self, meter: tree.Meter, binder: Binder) -> None:
        self._meter = meter
        self._binder = binder
        self._declared = {field.name: field for field in meter.fields}
        self._known: dict[Any, dict[str, Any]] = {}
        self._by_identity: dict[int, tuple[Any, dict[str, Any]]] = {}

    def unit(self, name: str) -> Unit | None:
        """The unit of a field, if it has one."""
        field = self._declared.get(name)
        return field.unit if field is not None else None

    def read(self, record: Record) -> tuple[Any, dict[str, Any] | None]:
        """A key that is the same for the same fields, and their values; None where one is wrong (reported)."""
        given = record.fields
        known = self._by_identity.get(id(given))  # records of a table share their fields; the usage keeps them alive
        if known is not None:
            return known
        key: Any = tuple([(name, field_text(value)) for name, value in given.items()])  # 1.10 is not 1.1 as a text
        values = self._known.get(key)
        if values is None:
            values = self._values(record)
            if values is None:
                return key, None
            self._known[key] = values
        self._by_identity[id(given)] = (key, values)
        return key, values

    def _values(self, record: Record) -> dict[str, Any] | None:
        problems = self._binder.problems
        before = problems.count
        name_of_meter = self._meter.name
        for name in record.fields:
            if name not in self._declared:
                help = did_you_mean(name, [*self._declared, *KEYS]) or (
                    f"leave it out, or declare it in the rule file: `field {name} text`"
                )
                problems.add("A102", f"meter `{name_of_meter}` has no field `{name}`", record.place, help)
        values = {}
        for name, declared in self._declared.items():
            value = self.value(record, declared, record.fields.get(name))
            if value is not None:
                values[f"field:{name}"] = value
        return values if problems.count == before else None

    def value(self, record: Record, declared: tree.Field, written: str | Amount | None) -> tree.Value | None:
        """The value of one field; None where it is missing or wrong (reported)."""
        if written is None:
            if declared.default is None:
                self._binder.problems.add(
                    "A102",
                    f"this record does not say its `{declared.name}`",
                    record.place,
                    f"add `{declared.name}: …`, or give the field a default in the rule file",
                )
            return declared.default
        if declared.type.kind is Kind.UNKNOWN:
            return None
        amounts = self._binder.amounts
        value, problem, help = amounts.value(
            written, declared.type, declared.unit, self._binder.calendar, below=declared.below
        )
        if problem:
            in_unit = f"{declared.name} in {written[1]}" if isinstance(written, tuple) else ""
            self._binder.problems.add("A102", f"`{declared.name}` {problem}", record.place, help, cause=in_unit)
        return value
