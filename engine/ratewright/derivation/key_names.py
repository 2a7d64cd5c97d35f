"""What usage is kept apart by, as a reader sees it."""

from __future__ import annotations

from collections import defaultdict

from ratewright.derivation.value_texts import value_text
from ratewright.meaning import nodes as tree
from ratewright.values.calendar import Calendar

Key = tuple[tree.Value, ...]
KeyTexts = tuple[tuple[str, str], ...]
_Names = tuple[str, tuple[str, ...]]


class KeyNames:
    """The texts of keys, each made once: a key names its measure, its lines and its share of a meter."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._tags: dict[_Names, list[tree.Tag]] = {}
        self._known: dict[_Names, dict[Key, KeyTexts]] = defaultdict(dict)
        self._values: dict[tuple[str, str], dict[tree.Value, tuple[str, str]]] = defaultdict(dict)

    def of(self, meter: tree.Meter, key: Key, by: tuple[str, ...] | None = None) -> KeyTexts:
        """The name and the value of each thing that a meter is kept apart by, or of those in `by`."""
        if not key:
            return ()
        names = meter.name, meter.by if by is None else by
        known = self._known[names]
        found = known.get(key)
        if found is None:
            tags = self._tags.get(names) or self._tags.setdefault(names, [meter.tag(n) for n in names[1]])
            found = known[key] = tuple([self._text(meter, tag, value) for tag, value in zip(tags, key, strict=True)])
        return found

    def _text(self, meter: tree.Meter, tag: tree.Tag, value: tree.Value) -> tuple[str, str]:
        known = self._values[meter.name, tag.name]
        found = known.get(value)
        if found is None:
            text = value_text(value, tag.type, tag.unit, self._calendar)
            found = known[value] = tag.name.replace("_", " "), text
        return found
