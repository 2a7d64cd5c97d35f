"""`ratewright schema`: the shape of what is read and written, for other programs."""

from __future__ import annotations

from typing import Any

import click

from ratewright.cli.options import Command, output_option, shared_options


@click.command("schema", cls=Command)
@click.argument("kind", type=click.Choice(["usage", "bill", "explanation", "comparison"]))
@output_option
@shared_options
def command(kind: str, output: Any) -> int:
    """Print a JSON Schema.

    Of usage files, of what `bill --format json` prints (a bill or a statement), or of what
    `explain --format json` prints, alone and with --against-….

    \b
    Examples:
      ratewright schema bill
      ratewright schema usage -o usage.schema.json
    """
    from ratewright.cli.endings import FINE
    from ratewright.cli.output import deliver, json_text, require_place

    require_place(output, ())
    deliver(json_text(_schema(kind)), output)
    return FINE


def _schema(kind: str) -> dict[str, Any]:
    match kind:
        case "usage":
            from ratewright.usage import json_schema

            return json_schema()
        case "bill":
            from ratewright.report.bill_formats import bill_schema

            return bill_schema()
        case "comparison":
            from ratewright.explain.machine.comparison_schema import comparison_schema

            return comparison_schema()
        case _:
            from ratewright.explain.machine.json_schema import explanation_schema

            return explanation_schema()
