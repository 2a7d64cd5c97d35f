"""A line's own sentence: words, and names of figures in braces."""

from __future__ import annotations

from ratewright.syntax.nodes.expressions import Ref, Text
from ratewright.syntax.nodes.node import Node


class Sentence(Node, frozen=True):
    """`"You made {quantity}."`: words and names in turn. No words are empty, and none stand behind others."""

    parts: tuple[Text | Ref, ...]
