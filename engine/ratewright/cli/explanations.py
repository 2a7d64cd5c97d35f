"""Explanations as files: of each result its text or its PDF, in a format or by a template."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import click

from ratewright.cli import codes
from ratewright.cli.settings import Settings, stdout, width_for
from ratewright.diagnostics import Diagnostic, RatewrightError
from ratewright.explain.brand.brand import PLAIN, Brand
from ratewright.explain.document import Detail

if TYPE_CHECKING:
    from ratewright.comparison.parts import Comparison
    from ratewright.limits import Limits
    from ratewright.rating.bill import Bill, Statement
    from ratewright.reading import FilesRead

    Result = Bill | Statement | Comparison

ENDINGS = {"text": ".txt", "markdown": ".md", "html": ".html", "json": ".json", "pdf": ".pdf", "csv": ".csv"}
_ONE_ACCOUNT = {"html": "an HTML page", "pdf": "a PDF"}
"""Formats that are about one account, and what each makes."""


class Form(NamedTuple):
    """What an explanation looks like: a format, or a template in its place; its length, and whose it is."""

    style: str
    template: Path | None
    detail: Detail
    brand: Brand
    language: str
    settings: Settings
    files: FilesRead

    @property
    def ending(self) -> str:
        """That of the files: of what a template makes its own, below those of Jinja's."""
        if self.template is None:
            return ENDINGS[self.style]
        name = self.template
        while name.suffix in (".jinja", ".jinja2", ".j2"):
            name = name.with_suffix("")
        return name.suffix or ".txt"

    def one(self, result: Result, color: bool = False, width: int = 100) -> str | bytes:
        """The file of one account."""
        from ratewright.explain.render import Format, render, render_pdf, render_with_template

        if self.template is not None:
            limits = self.settings.limits
            return render_with_template(result, self.template, self.detail, limits, self.files, self.language)
        if self.style == "pdf":
            return render_pdf(result, self.detail, brand=self.brand, language=self.language)
        style = cast("Format", self.style)
        return render(result, style, self.detail, color=color, width=width, brand=self.brand, language=self.language)

    def together(self, results: Sequence[Result], output: Path | None) -> str | bytes:
        """All results as they are printed. Raises RatewrightError where a format is about one account."""
        if self.style in _ONE_ACCOUNT and len(results) > 1:
            raise _several(len(results), _ONE_ACCOUNT[self.style])
        if self.style == "pdf":
            return self.one(results[0])
        if self.template is not None:
            return "".join(cast("str", self.one(each)) for each in results)
        from ratewright.cli.output import json_array

        stream = stdout() if output is None else None
        color, width = self.settings.colors(stream), width_for(stream)
        texts = [cast("str", self.one(each, color, width)) for each in results]
        return json_array(texts) if self.style == "json" else "\n".join(texts)


def brand_of(style_file: Path | None, logo_file: Path | None, style: str, limits: Limits, files: FilesRead) -> Brand:
    """Whose page it is. Raises UsageError where the format has no place for that, and RatewrightError for the files."""
    if style_file is None and logo_file is None:
        return PLAIN
    if style not in _ONE_ACCOUNT:
        raise click.UsageError("--style and --logo are for --format html and pdf")
    from ratewright.explain.brand.brand_files import read_brand

    return read_brand(style_file, logo_file, limits, files)


def _several(count: int, what: str) -> RatewrightError:
    message = f"the usage file holds {count} accounts, and {what} is about one"
    help = "choose one with --account, or write a file for each with --output-dir"
    return RatewrightError([Diagnostic(codes.ONE_ACCOUNT, message, help=help)])
