"""What is wrong with one text, before its place is known, and the checks that every text has to pass.

A function that reads one value raises `Problem`; whoever knows where the value stands adds it to the
`Findings`, so that one run reports everything it finds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ratewright.diagnostics import visible
from ratewright.usage import codes


class Problem(ValueError):  # noqa: N818 - it is what a user is told, as much as it is raised
    """A value that cannot be taken. `code` is one of `codes.TABLE`; `help` says what to write instead."""

    def __init__(self, code: str, message: str, help: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help


def require_name(text: str) -> str:
    """The same text. Raises Problem if it is no name: `true` and `false` are values of switches."""
    if text in ("true", "false"):
        raise Problem(
            codes.WRONG_SHAPE, f"`{text}` is the value of a switch, and a name is asked for", "write the name"
        )
    return require_visible(text)


_HEAD = re.compile(r"[0-9]{1,3}")
_TORN_OFF = re.compile(r"[0-9]{3}(?:\.[0-9]+)?(?: |$)")
_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp", "Zs"))


def is_hidden(character: str) -> bool:
    """Whether the character is a control, invisible, direction-changing or odd space character."""
    return character != " " and unicodedata.category(character) in _HIDDEN


def require_visible(text: str) -> str:
    """The same text. Raises Problem if it holds a character that a reader would not see."""
    if not text.isprintable():
        for character in text:
            if is_hidden(character):
                raise Problem(
                    codes.HIDDEN_CHARACTER,
                    f"`{visible(text)}` holds the hidden character U+{ord(character):04X}",
                    "remove the character, or write an ordinary space in its place",
                )
    return text


def no_value_help(figure: str = "") -> str:
    """What to write for a key without a value.

    `000` is what YAML makes of the end of `{quantity: 10,000}`; `figure` is what was torn apart, empty if nothing was.
    """
    if figure:
        return f'inside {{ }} a comma separates: quote a figure with commas, "{figure}"'
    return "write one, or leave the key out"


def split_figure(keys: Sequence[str], values: Sequence[object], number: int) -> str:
    """The figure whose end a comma has made the key of this number, `450,000 GBP` of `{quantity: 450, 000 GBP: }`.

    Empty if the key is none.
    """
    first = number
    while first >= 0 and values[first] is None and _TORN_OFF.match(keys[first]):
        first -= 1
    head = values[first] if 0 <= first < number else None
    return ",".join((head, *keys[first + 1 : number + 1])) if isinstance(head, str) and _HEAD.fullmatch(head) else ""


def not_one_value(value: object, key: str = "", figure: str = "") -> Problem:
    """The problem of a decoded value that is no text: None, an empty text, a list, or a mapping."""
    named = f"`{key}`" if key else "the key"
    if value is None or value == "":
        return Problem(codes.NO_VALUE, f"{named} has no value", no_value_help(figure))
    shape = "a list" if isinstance(value, list) else "a mapping"
    return Problem(codes.WRONG_SHAPE, f"{named} holds {shape} where one value should stand", "write a single value")


def instead(key: str, guess: str) -> str:
    """A remedy from the guess which of the given words was meant to be `key`."""
    return guess.replace("did you mean", f"write `{key}` where it says").rstrip("?")
