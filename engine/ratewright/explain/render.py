"""The way in: a bill, statement or comparison as its explanation in one of the formats, or in a user's own template."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from ratewright.explain.bill_document import assemble
from ratewright.explain.brand.brand import PLAIN, Brand
from ratewright.explain.document import Collection, Detail, Document
from ratewright.explain.wording.languages import told_in
from ratewright.explain.wording.phrases import Phrases
from ratewright.explain.wording.word_templates import layout_words
from ratewright.limits import DEFAULT, Limits
from ratewright.rating.bill import Bill, Statement
from ratewright.reading import FilesRead

if TYPE_CHECKING:
    from ratewright.comparison.parts import Comparison

Format = Literal["text", "markdown", "html", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
DETAILS: tuple[Detail, ...] = get_args(Detail)


def render(
    result: Bill | Statement | Comparison,
    format: Format,
    detail: Detail = "normal",
    *,
    color: bool = False,
    width: int = 100,
    brand: Brand = PLAIN,
    language: str = "en",
) -> str:
    """The explanation of a bill, a statement or a comparison. `color` and `width` (in columns) are for text only,
    `brand` for HTML.

    Raises ValueError for a format or a length that there is not, RatewrightError for a language.
    """
    with told_in(language):
        return _render(result, format, detail, color, width, brand)


def _render(
    result: Bill | Statement | Comparison, format: Format, detail: Detail, color: bool, width: int, brand: Brand
) -> str:
    document = document_of(result, detail)
    match format:
        case "text":
            from ratewright.explain.text.text_form import to_text

            return to_text(document, color, width)
        case "markdown":
            from ratewright.explain.text.markdown_form import to_markdown

            return to_markdown(document)
        case "html":
            from ratewright.explain.pages.html_form import to_html

            return to_html(document, brand)
        case "json":
            from ratewright.explain.machine.json_form import json_text

            return json_text(_data(result, document))
    raise ValueError(f"there is no format `{format}`; choose from {', '.join(FORMATS)}")


def render_pdf(
    result: Bill | Statement | Comparison, detail: Detail = "normal", *, brand: Brand = PLAIN, language: str = "en"
) -> bytes:
    """The explanation as a PDF document. Raises RatewrightError where the extra `pdf` is missing or there is no such
    language, and ValueError for a length that there is not.
    """
    from ratewright.explain.pages.pdf_form import to_pdf

    with told_in(language):
        return to_pdf(document_of(result, detail), _say_of(result), brand)


def render_with_template(
    result: Bill | Statement | Comparison,
    template_path: str | Path,
    detail: Detail = "normal",
    limits: Limits = DEFAULT,
    files: FilesRead | None = None,
    language: str = "en",
) -> str:
    """The explanation in a user's own template, which sees the JSON document and works within limits.
    It may extend the built-in pages, and the document as these see it is there for them.

    The template and the parts that it takes in are noted in `files`.
    Raises RatewrightError with a diagnostic of `template_codes.TABLE` or `language_codes.TABLE`.
    """
    from ratewright.explain.own_templates.plain_document import plain_document
    from ratewright.explain.own_templates.user_template import render_template

    with told_in(language):
        document = document_of(result, detail)
        data = {**_data(result, document), "document": plain_document(document)}
        words = layout_words()
    return render_template(Path(template_path), data, limits, files, words)


def document_of(result: Bill | Statement | Comparison, detail: Detail) -> Document | Collection:
    """What is told, before it has a form. Raises ValueError for a length that there is not."""
    if detail not in DETAILS:
        raise ValueError(f"there is no length `{detail}`; choose from {', '.join(DETAILS)}")
    if isinstance(result, Bill | Statement):
        return assemble(result, detail)
    from ratewright.explain.comparison_document import assemble_comparison

    return assemble_comparison(result, detail)


def _say_of(result: Bill | Statement | Comparison) -> Phrases:
    if isinstance(result, Bill | Statement):
        return Phrases(result.tariff, result.calendar, result.period)
    from ratewright.explain.rows.comparison_rows import say_of

    return say_of(result.now[-1])


def _data(result: Bill | Statement | Comparison, document: Document | Collection) -> dict[str, Any]:
    if isinstance(result, Bill | Statement):
        from ratewright.explain.machine.json_form import to_data

        return to_data(document)
    from ratewright.explain.machine.comparison_json import comparison_data

    assert isinstance(document, Document)
    return comparison_data(document, result)
