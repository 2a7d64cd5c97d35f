"""Filters of the built-in HTML pages, and of user's templates that extend them. Nothing of rating is loaded."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?(?:[+-]\d\d:\d\d)?)?\b")


def dated(text: str) -> Markup:
    """The text, escaped, with dates and times that do not break over lines."""
    return Markup(_MOMENT.sub(r"<time>\g<0></time>", str(escape(text))))


FILTERS = {"dated": dated}
