"""Filters of the built-in HTML pages, and of user's templates that extend them. Nothing of rating is loaded."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?(?:[+-]\d\d:\d\d)?)?\b")


def dated(text: str) -> Markup:
    """The text, escaped, with dates and times that do not break over lines."""
    return Markup(_MOMENT.sub(r"<time>\g<0></time>", str(escape(text))))


def linked(note: Any) -> Markup:
    """The text of a note, dated, with links where its pieces lead to what is quoted."""
    links = {text: target for text, target in map(_pair, _part(note, "links") or ())}
    text = _part(note, "text")
    if not links:
        return dated(text)
    pieces = re.split(f"({'|'.join(map(re.escape, sorted(links, key=len, reverse=True)))})(?![0-9])", text)
    return Markup("").join(
        Markup('<a href="#{}">{}</a>').format(links[piece], piece) if number % 2 else dated(piece)
        for number, piece in enumerate(pieces)
    )


def _part(value: Any, name: str) -> Any:
    """A part of what is told, which a page of others has as a dict."""
    return value[name] if isinstance(value, dict) else getattr(value, name)


def _pair(link: Any) -> tuple[str, str]:
    return _part(link, "text"), _part(link, "target")


FILTERS = {"dated": dated, "linked": linked}
