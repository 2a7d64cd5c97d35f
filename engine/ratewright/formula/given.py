"""What formulas are given: a mapping from the keys of `Given` nodes to values, and a few keys beside them.

A period's values hold those of its records; a record's values are a mapping of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Values = Mapping[str, Any]
Evaluator = Callable[[Values], Any]
Record = Mapping[str, Any]

CALENDAR = "calendar"
"""The key under which the given values hold the tariff's Calendar, where dates are reckoned with."""

RECORDS = "records"
"""The key under which the given values hold the values of each record of the period, in order of time.

A record knows `record:at`, when it begins, `record:until`, when it ends (None for an event), and may know
`record:lasted`, for how many seconds it lasted.
"""

HISTORY = "history"
"""The key of the records from the account's first to the last of the period, in order of time, for `since`."""

SERIES = "series"
"""The key under which the given values may hold a dict: series worked out so far, for several formulas that ask."""

BEHIND = "behind"
"""The key under which the given values may hold a dict that outlives the period: what series that look back have come
to for groups that are over."""

REACHED = "reached"
"""The key under which the given values may hold a set (or an `observer.Coverage`): it gets the place of each cell
that is looked up, also in formulas that are asked of each record and have no other observer."""

TURNS = "turns"
"""The key under which a period's values may hold a function `(expression, start, end, record) -> instants`.

It gives the instants within `(start, end)` at which an expression that asks for the time of a record may turn to
another answer. `integral` divides a record there, and asks each part with `record:at` at the part's start.
"""

OBSERVER = "observer"
"""The key under which the given values of an observed evaluation hold its `observer.Observer`."""
