"""`ratewright explain`: a bill with the reason of every figure."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import click

from ratewright.cli.options import (
    RULES,
    TEMPLATE,
    USAGE,
    Command,
    against_options,
    contract_option,
    language_option,
    limit_options,
    output_dir_option,
    output_option,
    period_options,
    rules_and_usage,
    shared_options,
)
from ratewright.cli.settings import Settings, stdout, width_for
from ratewright.diagnostics import Diagnostic, RatewrightError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ratewright.comparison.parts import Comparison
    from ratewright.rating.bill import Bill, Statement
    from ratewright.reading import FilesRead

Detail = Literal["short", "normal", "full"]


@click.command("explain", cls=Command)
@rules_and_usage
@period_options
@contract_option
@click.option(
    "--detail",
    type=click.Choice(["short", "normal", "full"]),
    default="normal",
    show_default=True,
    help="How much to say.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "markdown", "html", "json"]),
    help="How to print.  [default: text]",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own Jinja template; it sees what --format json prints.",
)
@against_options
@language_option
@output_option
@output_dir_option
@shared_options
@limit_options(RULES, USAGE, TEMPLATE)
@click.pass_obj
def command(
    settings: Settings,
    /,
    *,
    rules: str,
    usage: str,
    detail: str,
    style: str | None,
    template: Path | None,
    output: Path | None,
    output_dir: Path | None,
    **asked: Any,
) -> int:
    """Explain a bill: which rule made each figure, and why.

    RULES is a rule file, USAGE a file (YAML or JSON) that says what an account used and bought; one of the
    two may be - for standard input. With --against-… it explains what makes the bill another than a second one.

    \b
    Examples:
      ratewright explain prices.tariff acme.yaml --period 2026-03
      ratewright explain prices.tariff acme.yaml --detail full
      ratewright explain prices.tariff acme.yaml --format html -o march.html
      ratewright explain prices.tariff acme.yaml --period 2026-03 --against-period 2026-02
    """
    from ratewright.cli.accounts import Against, Asked, results
    from ratewright.cli.endings import FINE, say_diagnostics
    from ratewright.cli.output import deliver, require_place
    from ratewright.cli.output_folder import deliver_each, require_folder
    from ratewright.reading import FilesRead

    language = asked.pop("language")
    if template is not None and style is not None:
        raise click.UsageError("--template decides the format: leave --format out")
    against = Against(
        period=asked.pop("against_period"),
        usage=asked.pop("against_usage"),
        rules=asked.pop("against_rules"),
        method=asked.pop("method"),
    )
    require_folder(output_dir, output)
    require_place(output, (rules, usage, *against.files, *asked["contract"], *([str(template)] if template else [])))
    files = FilesRead()
    rated: Sequence[Bill | Statement | Comparison]
    if against.any:
        from ratewright.cli.comparisons import comparisons

        rated, warnings = comparisons(rules, usage, Asked(**asked), against, settings.limits, files)
    else:
        rated, warnings = results(rules, usage, Asked(**asked), settings.limits, files)
    way = _Way(style, template, cast("Detail", detail), language)
    if output_dir is not None:
        ending = _ENDINGS[style or "text"] if template is None else _ending(template)
        texts = [(one.account, _one(one, way, settings, files)) for one in rated]
        say_diagnostics(warnings, settings)
        deliver_each(texts, output_dir, ending, files)
        return FINE
    if template is not None:
        text = _by_template(rated, template, way, settings, files)
    else:
        text = _by_format(rated, way, settings, output)
    say_diagnostics(warnings, settings)
    deliver(text, output, files=files)
    return FINE


_ENDINGS = {"text": ".txt", "markdown": ".md", "html": ".html", "json": ".json"}


def _ending(template: Path) -> str:
    """That of the files which a template makes: its own, below those of Jinja's."""
    name = template
    while name.suffix in (".jinja", ".jinja2", ".j2"):
        name = name.with_suffix("")
    return name.suffix or ".txt"


class _Way(NamedTuple):
    """How bills are told."""

    style: str | None
    template: Path | None
    detail: Detail
    language: str


def _one(result: Bill | Statement | Comparison, way: _Way, settings: Settings, files: FilesRead) -> str:
    """The file of one account."""
    from ratewright.explain.render import Format, render

    if way.template is not None:
        return _by_template([result], way.template, way, settings, files)
    return render(result, cast("Format", way.style or "text"), way.detail, language=way.language)


def _by_template(
    rated: Sequence[Bill | Statement | Comparison], template: Path, way: _Way, settings: Settings, files: FilesRead
) -> str:
    from ratewright.explain.render import render_with_template

    limits = settings.limits
    return "".join(render_with_template(one, template, way.detail, limits, files, way.language) for one in rated)


def _by_format(
    rated: Sequence[Bill | Statement | Comparison], way: _Way, settings: Settings, output: Path | None
) -> str:
    from ratewright.cli.output import json_array
    from ratewright.explain.render import Format, render

    style = cast("Format", way.style or "text")
    if style == "html" and len(rated) > 1:
        from ratewright.cli import codes

        message = f"the usage file holds {len(rated)} accounts, and an HTML page is about one"
        raise RatewrightError(
            [
                Diagnostic(
                    codes.ONE_ACCOUNT,
                    message,
                    help="choose one with --account, or write a page for each with --output-dir",
                )
            ]
        )
    stream = stdout() if output is None else None
    color, width = settings.colors(stream), width_for(stream)
    texts = [render(one, style, way.detail, color=color, width=width, language=way.language) for one in rated]
    return json_array(texts) if style == "json" else "\n".join(texts)
