"""The two ways in which the evaluator gives no bill."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - an answer of the evaluator, not a failure of it
    """The language says that there is no bill: nothing is guessed."""


class NotCovered(Exception):  # noqa: N818
    """The evaluator cannot do this construct; it says nothing about what is right."""
