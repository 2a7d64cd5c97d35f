"""A line's own sentence: words, and names of figures in braces; and the same in other languages."""

from __future__ import annotations

from ratewright.syntax.nodes.expressions import Ref
from ratewright.syntax.nodes.node import Node


class Words(Node, frozen=True):
    """What stands between the names; braces and quotes as they are told."""

    text: str


class Sentence(Node, frozen=True):
    """`"You made {quantity}."`: words and names in turn. No words are empty, and none stand behind others."""

    parts: tuple[Words | Ref, ...]


class SentenceIn(Node, frozen=True):
    """The sentence in another language, by the name of that: `de "Es waren {quantity}."`."""

    language: str
    sentence: Sentence
