"""The statements of a block: each at most once, the needed ones there."""

from __future__ import annotations

from typing import Any, TypeVar

from ratewright.resolve.findings import Report
from ratewright.resolve.name_space import RESERVED, is_for_itself
from ratewright.syntax import nodes as s
from ratewright.values.money import minor_digits

T = TypeVar("T", bound=s.Statement)


class Block:
    """The statements of one declaration, by type."""

    def __init__(self, declaration: s.Declaration, report: Report) -> None:
        self.declaration = declaration
        self.report = report
        self._by_kind: dict[type, list[Any]] = {}
        for statement in declaration.statements:
            self._by_kind.setdefault(type(statement), []).append(statement)

    def every(self, kind: type[T]) -> tuple[T, ...]:
        """All statements of a type, for those that may be repeated."""
        return tuple(self._by_kind.get(kind, ()))

    def one(self, kind: type[T]) -> T | None:
        """The statement of a type; a second one is reported."""
        found = self.every(kind)
        for again in found[1:]:
            self.report.error(
                "R204",
                f"`{again.word}` stands twice in {self.name}",
                again.span,
                "keep one",
                (("the first", found[0].span),),
            )
        return found[0] if found else None

    def defines(self) -> tuple[s.Define, ...]:
        """The steps; one that is named twice is reported."""
        found: dict[str, s.Define] = {}
        for statement in self.declaration.statements:
            if not isinstance(statement, s.Define):
                continue
            if not self._may_be_named(statement.name):
                continue
            first = found.setdefault(statement.name.text, statement)
            if first is not statement:
                self.report.error(
                    "R202",
                    f"`{statement.name.text}` is defined twice in {self.name}",
                    statement.name.span,
                    "keep one",
                    (("the first", first.name.span),),
                )
        return tuple(found.values())

    def _may_be_named(self, name: s.Name) -> bool:
        """Whether a step may have a name: it must not hide anything that formulas could name (reported)."""
        if is_for_itself(name, self.report):
            return False
        text, other = name.text, self.report.declared.get(name.text)
        what = RESERVED.get(text) or (f"a {other} of the list" if other not in (None, "define", "unit") else "")
        if not what and minor_digits(text) is not None:
            what = "a currency"
        if what:
            self.report.error("R202", f"`{text}` already means {what}", name.span, "choose another name")
        return not what

    def need(self, kind: type[T], help: str) -> T | None:
        """The statement of a type, which must be there."""
        found = self.one(kind)
        if found is None:
            word = kind.__name__.lower()
            self.report.error("R203", f"{self.name} has no `{word}`", self.declaration.name.span, help)
        return found

    @property
    def name(self) -> str:
        return f"{self.declaration.word} `{self.declaration.name.text}`"

    def cite(self) -> str:
        """The sentence of the source, or nothing."""
        return " ".join(c.text.text for c in self.every(s.Cite))

    def title(self) -> str:
        """What the thing is called on a bill: its title, or its name without underscores."""
        title = self.declaration.title
        return title.text if title is not None else self.declaration.name.text.replace("_", " ")
