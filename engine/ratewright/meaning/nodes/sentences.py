"""A line's own sentence, resolved: words, figures that the line has itself, and what formulas of it may read."""

from __future__ import annotations

from enum import Enum

from ratewright.meaning.nodes.node import Expression, Node


class Own(Enum):
    """What a line itself has to show; the value is its name in a sentence."""

    AMOUNT = "amount"
    PRICE = "price"
    QUANTITY = "quantity"
    PERIOD = "period"


class Words(Node, frozen=True):
    text: str


class OwnFigure(Node, frozen=True):
    figure: Own


class Shown(Node, frozen=True):
    """A name, and the formula whose value is shown."""

    name: str
    expression: Expression


class Sentence(Node, frozen=True):
    parts: tuple[Words | OwnFigure | Shown, ...]

    def shows(self, figure: Own) -> bool:
        """Whether it names a figure of the line itself."""
        return any(isinstance(part, OwnFigure) and part.figure is figure for part in self.parts)
