"""The explanation as a PDF document: pages with numbers, running heads, and sums that are carried forward.

In: a document. Out: the bytes of a tagged PDF, the same for the same document on the same machine. It is laid out
twice: the bills alone, to see which row stands on which page, and then all of it, with what each page brings forward
and carries: that stands in the margins and moves nothing. WeasyPrint does the laying out. It is loaded when asked for,
and fetches nothing. Where no font has a letter, nothing is printed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from ratewright.diagnostics import Diagnostic, RatewrightError, visible
from ratewright.explain.brand import brand_codes
from ratewright.explain.brand.brand import PLAIN, Brand
from ratewright.explain.document import Collection, Document
from ratewright.explain.pages.html_filters import FILTERS
from ratewright.explain.pages.paper import Carried, Sheet, carried, sheet_of, widths_of
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import environment, layout, phrase
from ratewright.values.exact import Exact


def to_pdf(document: Document | Collection, say: Phrases, brand: Brand = PLAIN) -> bytes:
    """The document as PDF; `say` writes its amounts. Raises RatewrightError where the extra, Pango or a font is
    missing."""
    weasyprint = _weasyprint()
    sheet = sheet_of(document)
    bills = _laid_out(weasyprint, _page(sheet._replace(reasons=(), rules=()), "", brand))
    places = _places(bills)
    printed = _laid_out(weasyprint, _page(sheet, _margins(sheet, places, len(bills.pages), say), brand))
    found = _places(printed)
    assert all(found[name] == page for name, page in places.items()), "what stands in margins moves nothing"
    with _with_all_letters():
        data: bytes = printed.write_pdf(pdf_tags=True)
    return data


class _Boxes(logging.Handler):
    """The letters of this thread that no font has: WeasyPrint draws boxes and says so in its log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.letters: dict[str, None] = {}
        self._thread = get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread and str(record.msg).startswith(".notdef") and isinstance(record.args, tuple):
            self.letters[str(record.args[0])] = None


_LETTERS_NAMED = 5


@contextmanager
def _with_all_letters() -> Iterator[None]:
    """Raises RatewrightError where a letter was drawn inside that no font has."""
    boxes, logger = _Boxes(), logging.getLogger("weasyprint")
    logger.addHandler(boxes)
    try:
        yield
    finally:
        logger.removeHandler(boxes)
    if boxes.letters:
        named = ", ".join(f"`{visible(letter)}`" for letter in list(boxes.letters)[:_LETTERS_NAMED])
        more = len(boxes.letters) - _LETTERS_NAMED
        message = f"no font of this machine has {named}" + (f" and {more} letters more" if more > 0 else "")
        help = "install a font that has them, for Chinese on Debian with: apt-get install fonts-noto-cjk"
        raise RatewrightError([Diagnostic(brand_codes.NO_FONT, message, help=help)])


def _places(printed: Any) -> dict[str, int]:
    """The page of each place, counted from 0."""
    return {name: number for number, page in enumerate(printed.pages) for name in page.anchors}


def _weasyprint() -> Any:
    """The library. Raises RatewrightError, with the remedy, where it or what it needs is missing."""
    try:
        import weasyprint
    except ImportError as error:
        help = 'install it with: pip install "ratewright[pdf]"'
        raise RatewrightError(
            [Diagnostic(brand_codes.NO_PDF, "the extra `pdf` is not installed", help=help)]
        ) from error
    except OSError as error:
        help = "install Pango, on Debian with: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
        message = "the library Pango, which lays out text, is not installed"
        raise RatewrightError([Diagnostic(brand_codes.NO_PDF, message, help=help)]) from error
    return weasyprint


def _laid_out(weasyprint: Any, page: str) -> Any:
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))  # whatever a style file might still name
    return weasyprint.HTML(string=page, url_fetcher=fetcher).render()


def _page(sheet: Sheet, margins: str, brand: Brand) -> str:
    environment("html").filters.update(FILTERS)
    fields = _fields(sheet)
    seller = fields.get("seller", "")
    return layout("html/paper.html").render(
        sheet=sheet, widths=widths_of(sheet), margins=margins, brand=brand, seller=seller, author=seller
    )


def _fields(sheet: Sheet) -> dict[str, str]:
    return dict(getattr(sheet.leaves[0].document.node, "fields", ()))


def _margins(sheet: Sheet, places: dict[str, int], count: int, say: Phrases) -> str:
    """The style of each page's margins: whose bills of which periods stand there, and the sums carried."""
    told = carried(sheet.leaves, places, count)
    appendix = f"@page {{ @top-left {{ content: {_text(sheet.document.title)} }} }}\n"
    return appendix + "\n".join(
        _margin(page + 1, _head(sheet, places, page), each, say) for page, each in enumerate(told)
    )


def _head(sheet: Sheet, places: dict[str, int], page: int) -> str:
    """The titles of the bills that a page has lines of."""
    leaves = [leaf for leaf in sheet.leaves if places[leaf.head] <= page <= places[leaf.end]]
    titles = [leaf.document.title for leaf in leaves] or [sheet.document.title]
    return " · ".join(titles)


def _margin(number: int, head: str, each: Carried, say: Phrases) -> str:
    boxes = {
        "top-left": head if number > 1 else "",
        "top-right": _sum("brought", each.brought, say),
        "bottom-right": _sum("carried", each.carried, say),
    }
    inside = " ".join(f"@{box} {{ content: {_text(text)} }}" for box, text in boxes.items())
    return f"@page :nth({number}) {{ {inside} }}"


def _sum(name: str, amount: Exact | None, say: Phrases) -> str:
    return "" if amount is None else phrase("paper", name, say.money(amount))


def _text(text: str) -> str:
    """A text of CSS."""
    return '"' + "".join(c if c.isalnum() or c in " .,-" else f"\\{ord(c):x} " for c in text) + '"'
