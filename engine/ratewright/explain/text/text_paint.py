"""Colour of a terminal."""

from __future__ import annotations


class Painter:
    """Bold headings and dim places for a terminal, or nothing."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def bold(self, text: str) -> str:
        """The text, as what is looked for first."""
        return f"\x1b[1m{text}\x1b[0m" if self._color and text else text

    def dim(self, text: str) -> str:
        """The text, as what is looked for last."""
        return f"\x1b[2m{text}\x1b[0m" if self._color and text else text
