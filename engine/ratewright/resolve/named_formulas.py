"""Named formulas: `define` is read where it is used, and how often and how deep that goes is limited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from ratewright.limits import DEFAULT
from ratewright.meaning import nodes as n
from ratewright.resolve.findings import Report
from ratewright.resolve.formula_size import extent_of
from ratewright.resolve.scope import Maker, Scope
from ratewright.syntax import nodes as s


class NamedFormulas:
    """The named formulas of one rule file, and how far they are unfolded at the moment.

    `defines` are those of the top of the file; `used` are the ids of those that something used; `unfolded_parts` is of
    how many parts all is that was read in place of names so far.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self.defines: dict[str, s.Define] = {}
        self.limits = DEFAULT
        self.used: set[int] = set()
        self.unfolded_parts = 0
        self._unfolding: list[str] = []
        self._height = 0
        self._unfolded_so_far = 0
        self._exhausted = False
        self._given_up: set[str] = set()
        self._extents: dict[int, tuple[int, int]] = {}

    def hidden_step(self, define: s.Define, maker: Maker) -> None:
        """Report a step whose name means something else where it is used."""
        if not isinstance(maker(define.span), n.FieldValue):  # that was reported with the field
            message = f"`{define.name.text}` already means something here, so the formula would never be read"
            self._report.error("R202", message, define.name.span, "give it another name")

    def defined(self, name: str, scope: Scope) -> s.Define | None:
        """The `define` that a name stands for: a step of the declaration at hand, or one at the top."""
        return scope.defines.get(name) or self.defines.get(name)

    def inside(self, define: s.Define) -> AbstractContextManager[bool]:
        """Within a named formula; False where it would be read within itself, or too often (reported)."""
        assert define.expression is not None
        self.used.add(id(define))
        return self.entering(define.name, self._extent_of(define.expression))

    @contextmanager
    def entering(self, name: s.Name, extent: tuple[int, int]) -> Iterator[bool]:
        """Within a formula or a table of a name, which is so deep and of so many parts; False where it cannot be."""
        height, size = extent
        self._unfolded_so_far += 1
        self.unfolded_parts += size
        if name.text in self._given_up or self._is_circle(name) or self.is_too_much(name, height):
            self._given_up.update(self._unfolding)
            yield False
            return
        self._unfolding.append(name.text)
        self._height += height
        yield True
        self._height -= height
        self._unfolding.pop()

    def _is_circle(self, name: s.Name) -> bool:
        if name.text not in self._unfolding:
            return False
        circle = [*self._unfolding[self._unfolding.index(name.text) :], name.text]
        self._report.error(
            "R215",
            f"`{name.text}` is made of itself: {' > '.join(circle)}",
            name.span,
            "let one of them not depend on the other",
        )
        return True

    def is_too_much(self, name: s.Name, height: int = 0) -> bool:
        """Whether formulas and tables name one another too often or too deep (reported)."""
        limits, how = self.limits, ""
        if self._exhausted:
            return True
        if self._unfolded_so_far > limits.unfoldings:
            how = f"more than {limits.unfoldings:,} times"
        elif self.unfolded_parts > limits.unfolded_parts:
            how = f"until they have more than {limits.unfolded_parts:,} parts"
        elif self._height + height > limits.nesting:
            how = f"deeper than {limits.nesting} levels"
        if how:
            help = "let fewer of them name one another"
            self._report.error("R105", f"formulas and tables are used in one another {how}", name.span, help)
        self._exhausted = bool(how)
        return self._exhausted

    def _extent_of(self, node: s.Expression) -> tuple[int, int]:
        """The extent of a named formula, worked out once."""
        found = self._extents.get(id(node))
        if found is None:
            found = self._extents[id(node)] = extent_of(node)
        return found
