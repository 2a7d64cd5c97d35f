"""The explanation as one HTML file: no scripts, nothing fetched; for phone, desk and paper."""

from __future__ import annotations

from ratewright.explain.brand.brand import PLAIN, Brand
from ratewright.explain.document import Collection, Document
from ratewright.explain.pages.html_filters import FILTERS
from ratewright.explain.wording.word_templates import environment, layout


def to_html(document: Document | Collection, brand: Brand = PLAIN) -> str:
    """The document as a whole page, in somebody's own look."""
    environment("html").filters.update(FILTERS)
    name = "statement" if isinstance(document, Collection) else "bill"
    return layout(f"html/{name}.html").render(document=document, brand=brand)
