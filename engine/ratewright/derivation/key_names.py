"""What usage is kept apart by, as a reader sees it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from ratewright.derivation.value_texts import value_text
from ratewright.meaning import nodes as tree
from ratewright.values.calendar import Calendar

Key = tuple[tree.Value, ...]
KeyTexts = tuple[tuple[str, str], ...]
_Values = dict[tree.Value, tuple[str, str]]


class _Texts(dict[Key, KeyTexts]):
    """The texts of keys, each made when it is first asked for: of some tags of one meter."""

    __slots__ = ("_calendar", "_parts")

    def __init__(self, tags: list[tree.Tag], known: list[_Values], calendar: Calendar) -> None:
        self._parts = list(zip(tags, known, strict=True))
        self._calendar = calendar

    def __missing__(self, key: Key) -> KeyTexts:
        parts = zip(self._parts, key, strict=True)
        found = self[key] = tuple([known.get(value) or self._text(tag, known, value) for (tag, known), value in parts])
        return found

    def _text(self, tag: tree.Tag, known: _Values, value: tree.Value) -> tuple[str, str]:
        text = value_text(value, tag.type, tag.unit, self._calendar)
        found = known[value] = tag.name.replace("_", " "), text
        return found


class KeyNames:
    """The texts of keys, each made once: a key names its measure, its lines and its share of a meter."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: dict[tuple[str, tuple[str, ...]], _Texts] = {}
        self._values: dict[tuple[str, str], _Values] = defaultdict(dict)

    def of(self, meter: tree.Meter, key: Key) -> KeyTexts:
        """The name and the value of each thing that a meter is kept apart by."""
        return self.by(meter, meter.by)[key] if key else ()

    def by(self, meter: tree.Meter, by: tuple[str, ...]) -> Mapping[Key, KeyTexts]:
        """The same of some things that a meter is kept apart by, in their order: for each key its texts."""
        found = self._known.get((meter.name, by))
        if found is None:
            tags = [meter.tag(name) for name in by]
            known = [self._values[meter.name, name] for name in by]
            found = self._known[meter.name, by] = _Texts(tags, known, self._calendar)
        return found
