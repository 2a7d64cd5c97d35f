"""The way in: a bill or statement as its explanation in one of the formats, or in a user's own template."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from ratewright.explain.bill_document import assemble
from ratewright.explain.document import Detail
from ratewright.limits import DEFAULT, Limits
from ratewright.rating.bill import Bill, Statement
from ratewright.reading import FilesRead

Format = Literal["text", "markdown", "html", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
DETAILS: tuple[Detail, ...] = get_args(Detail)


def render(
    result: Bill | Statement,
    format: Format,
    detail: Detail = "normal",
    *,
    color: bool = False,
    width: int = 100,
) -> str:
    """The explanation in a format and a length. `color` and `width` (in columns) are for text only.

    Raises ValueError for a format or a length that there is not.
    """
    if detail not in DETAILS:
        raise ValueError(f"there is no length `{detail}`; choose from {', '.join(DETAILS)}")
    document = assemble(result, detail)
    match format:
        case "text":
            from ratewright.explain.text_form import to_text

            return to_text(document, color, width)
        case "markdown":
            from ratewright.explain.markdown_form import to_markdown

            return to_markdown(document)
        case "html":
            from ratewright.explain.html_form import to_html

            return to_html(document)
        case "json":
            from ratewright.explain.json_form import to_json

            return to_json(document)
    raise ValueError(f"there is no format `{format}`; choose from {', '.join(FORMATS)}")


def render_with_template(
    result: Bill | Statement,
    template_path: str | Path,
    detail: Detail = "normal",
    limits: Limits = DEFAULT,
    files: FilesRead | None = None,
) -> str:
    """The explanation in a user's own template, which sees the JSON document and works within limits.
    It may extend the built-in pages, and the document as these see it is there for them.

    The template and the parts that it takes in are noted in `files`.
    Raises RatewrightError with a diagnostic of `template_codes.TABLE`.
    """
    from ratewright.explain.json_form import to_data
    from ratewright.explain.plain_document import plain_document
    from ratewright.explain.user_template import render_template

    document = assemble(result, detail)
    data = {**to_data(document), "document": plain_document(document)}
    return render_template(Path(template_path), data, limits, files)
