"""What usage is kept apart by, as a reader sees it."""

from __future__ import annotations

from collections import defaultdict

from ratewright.derivation.value_texts import value_text
from ratewright.meaning import nodes as tree
from ratewright.values.calendar import Calendar

Key = tuple[tree.Value, ...]
KeyTexts = tuple[tuple[str, str], ...]


class KeyNames:
    """The texts of keys, each made once: a key names its measure, its lines and its share of a meter."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._tags: dict[str, list[tree.Tag]] = {}
        self._known: dict[str, dict[Key, KeyTexts]] = defaultdict(dict)

    def of(self, meter: tree.Meter, key: Key) -> KeyTexts:
        """The name and the value of each thing that a meter is kept apart by."""
        if not key:
            return ()
        known = self._known[meter.name]
        found = known.get(key)
        if found is None:
            tags = self._tags.get(meter.name) or self._tags.setdefault(meter.name, [meter.tag(n) for n in meter.by])
            found = known[key] = tuple(self._text(tag, value) for tag, value in zip(tags, key, strict=True))
        return found

    def _text(self, tag: tree.Tag, value: tree.Value) -> tuple[str, str]:
        return tag.name.replace("_", " "), value_text(value, tag.type, tag.unit, self._calendar)
