"""A formula that was worked out: its value, and what was seen, from which a reader's texts are made when asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ratewright.derivation.seen import Seen
from ratewright.derivation.trace.formulas import Arithmetic, Told
from ratewright.meaning import nodes as tree
from ratewright.values.writing import Writing, writing


class Worked(Arithmetic):
    """The `value` of an `expression`, and its arithmetic; a bill that nobody has explained never pays for its texts.

    When it is pickled its texts are made, and what was seen stays behind: it becomes an `Arithmetic`.
    """

    __slots__ = ("_last", "_teller", "expression", "seen", "value")

    def __init__(
        self, expression: tree.Expression, value: Any, seen: Seen, teller: Callable[[tree.Expression, Seen], Told]
    ) -> None:
        self.expression = expression
        self.value = value
        self.seen = seen
        self._teller = teller
        self._last: tuple[Writing, Told] | None = None

    def _tell(self) -> Told:
        last, write = self._last, writing()
        if last is None or last[0] is not write:  # in another language it is told anew
            last = self._last = write, self._teller(self.expression, self.seen)
        return last[1]
