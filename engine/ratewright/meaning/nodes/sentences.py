"""A sentence of a line, a quota or a limit, resolved: words, figures of its own, and what formulas of it may read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from ratewright.meaning.nodes.node import Expression, Node


class Own(Enum):
    """What a line, a quota or a limit itself has to show; the value is its name in a sentence."""

    AMOUNT = "amount"
    PRICE = "price"
    QUANTITY = "quantity"
    PERIOD = "period"
    SIZE = "size"
    DRAWN = "drawn"
    LEFT = "left"
    DEFAULT = "default"
    PEAK = "peak"
    WAITED = "waited"
    WAITING = "waiting"


OF_A_LINE = (Own.AMOUNT, Own.PRICE, Own.QUANTITY, Own.PERIOD)
OF_A_POOL = (Own.SIZE, Own.DRAWN, Own.LEFT, Own.PERIOD)
OF_A_LIMIT = (Own.DEFAULT, Own.PEAK, Own.WAITED, Own.WAITING, Own.PERIOD)
"""What each of them has."""


class Words(Node, frozen=True):
    text: str


class OwnFigure(Node, frozen=True):
    figure: Own


class Shown(Node, frozen=True):
    """A name, and the formula whose value is shown."""

    name: str
    expression: Expression


class Sentence(Node, frozen=True):
    """A sentence in the language of the list; `others` are the same in other languages, by their names."""

    parts: tuple[Words | OwnFigure | Shown, ...]
    others: Mapping[str, Sentence] = {}

    def told_in(self, language: str) -> Sentence:
        """The sentence in a language; that of the list where it has none in this one."""
        return self.others.get(language, self)

    @property
    def names(self) -> tuple[str, ...]:
        """The names in it."""
        return tuple(
            part.figure.value if isinstance(part, OwnFigure) else part.name
            for part in self.parts
            if not isinstance(part, Words)
        )

    @property
    def all_shown(self) -> tuple[Shown, ...]:
        """The formulas that it shows in any of its languages, each once."""
        each = (part for sentence in (self, *self.others.values()) for part in sentence.parts)
        return tuple({part.name: part for part in each if isinstance(part, Shown)}.values())
