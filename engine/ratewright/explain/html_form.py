"""The explanation as one HTML file: no scripts, nothing fetched; for phone, desk and paper."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from ratewright.explain.document import Collection, Document
from ratewright.explain.word_templates import environment, layout

_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?(?:[+-]\d\d:\d\d)?)?\b")


def dated(text: str) -> Markup:
    """The text, escaped, with dates and times that do not break over lines."""
    return Markup(_MOMENT.sub(r"<time>\g<0></time>", str(escape(text))))


def to_html(document: Document | Collection) -> str:
    """The document as a whole page."""
    environment("html").filters.setdefault("dated", dated)
    name = "statement" if isinstance(document, Collection) else "bill"
    return layout(f"html/{name}.html").render(document=document)
