"""The explanation as one HTML file: no scripts, nothing fetched; for phone, desk and paper."""

from __future__ import annotations

from ratewright.explain.document import Collection, Document
from ratewright.explain.environment import layout


def to_html(document: Document | Collection) -> str:
    """The document as a whole page."""
    name = "statement" if isinstance(document, Collection) else "bill"
    return layout(f"html/{name}.html").render(document=document)
