"""The two ways in which the evaluator gives no bill."""

from __future__ import annotations


class Refused(Exception):
    """The language says that there is no bill: nothing is guessed."""


class NotCovered(Exception):
    """The evaluator cannot do this construct; it says nothing about what is right."""
