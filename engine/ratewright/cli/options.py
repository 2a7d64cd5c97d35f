"""Options that several commands take, and the flags of the limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from ratewright.cli.settings import Settings
from ratewright.limits import DEFAULT, KIB, MIB

F = TypeVar("F", bound=Callable[..., Any])


class Size(click.ParamType):
    """A whole number above 0; `2MiB` for 2,097,152."""

    name = "number"
    _WRITTEN = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,18})\s*(KiB|MiB|GiB)?", re.ASCII | re.IGNORECASE)
    _FACTORS = {"": 1, "kib": KIB, "mib": MIB, "gib": 1024 * MIB}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        found = self._WRITTEN.fullmatch(str(value).strip())
        number = int(found[1].replace(",", "")) * self._FACTORS[(found[2] or "").lower()] if found else 0
        if number < 1:
            self.fail(f"`{value}` is no whole number above 0; write 2000000 or 2MiB", param, ctx)
        return number


class Month(click.ParamType):
    """A month as `2026-03`."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", str(value), re.ASCII):
            self.fail(f"`{value}` is no month; write it as 2026-03", param, ctx)
        return str(value)


RULES: dict[str, tuple[str, str]] = {
    "rule_file_bytes": ("--max-rule-bytes", "bytes of a rule file or template"),
    "terms": ("--max-terms", "terms of one sum or condition"),
    "tier_rows": ("--max-rows", "rows of one table of tiers"),
}
USAGE: dict[str, tuple[str, str]] = {
    "fixture_bytes": ("--max-fixture-bytes", "bytes of a usage file (YAML or JSON)"),
    "usage_file_bytes": ("--max-usage-bytes", "bytes of a CSV or JSON Lines file it names"),
    "json_line_bytes": ("--max-line-bytes", "bytes of one JSON line or CSV row"),
    "lots": ("--max-lots", "lots of one account"),
    "periods": ("--max-periods", "periods in one rating"),
}
TEMPLATE: dict[str, tuple[str, str]] = {
    "template_seconds": ("--max-template-seconds", "seconds for a template"),
    "template_memory_bytes": ("--max-template-memory", "bytes of memory for a template"),
    "template_output_bytes": ("--max-template-output", "bytes that a template prints"),
}
SHOWN: dict[str, tuple[str, str]] = {
    "diagnostics": ("--max-diagnostics", "diagnostics printed"),
}


class LimitOption(click.Option):
    """A flag that raises or lowers one of the limits; shown apart in the help."""


class Command(click.Command):
    """A command whose help shows the limits below the options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("context_settings", {"help_option_names": ["-h", "--help"]})
        super().__init__(*args, **kwargs)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the limits."""
        records = [(isinstance(p, LimitOption), p.get_help_record(ctx)) for p in self.get_params(ctx)]
        for title, limits in (("Options", False), ("Limits on input", True)):
            rows = [record for is_limit, record in records if record is not None and is_limit == limits]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def limit_options(*tables: dict[str, tuple[str, str]]) -> Callable[[F], F]:
    """The flags of these limits and of the number of diagnostics."""

    def add(function: F) -> F:
        for table in reversed((*tables, SHOWN)):
            for field, (flag, meaning) in reversed(table.items()):
                function = _limit_option(field, flag, meaning)(function)
        return function

    return add


def _limit_option(field: str, flag: str, meaning: str) -> Callable[[F], F]:
    def set_limit(ctx: click.Context, _: click.Parameter, value: int | None) -> None:
        if value is not None:
            settings = ctx.ensure_object(Settings)
            settings.limits = replace(settings.limits, **{field: value})

    return click.option(
        flag,
        cls=LimitOption,
        type=Size(),
        metavar="N",
        expose_value=False,
        callback=set_limit,
        help=f"{meaning}  [{_shown(getattr(DEFAULT, field))}]",
    )


def _shown(number: int) -> str:
    for name, factor in (("GiB", 1024 * MIB), ("MiB", MIB), ("KiB", KIB)):
        if number % factor == 0:
            return f"{number // factor}{name}"
    return f"{number:,}"


def shared_options(function: F) -> F:
    """`--color` and `--debug`, which stand before a command or after it."""

    def set_color(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            ctx.ensure_object(Settings).color = value

    def set_debug(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            ctx.ensure_object(Settings).debug = True

    function = click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=set_debug,
        help="Show where an internal error happened.",
    )(function)
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        expose_value=False,
        is_eager=True,
        callback=set_color,
        help="Colours: auto (on a terminal, unless NO_COLOR is set), always or never.",
    )(function)


output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write to FILE, which is replaced whole or not at all.",
)


def period_options(function: F) -> F:
    """`--period`, or `--from` and `--to`."""
    for option in (
        click.option("--to", "last", type=Month(), metavar="MONTH", help="The last month of the range."),
        click.option("--from", "first", type=Month(), metavar="MONTH", help="The first month of a range."),
        click.option(
            "--period",
            metavar="PERIOD",
            help="A month (2026-03), a day (2026-03-02) or a year (2026). Without it or a range: "
            "all months that the usage tells of.",
        ),
        click.option("--account", metavar="NAME", help="Only this account of a file that holds several."),
    ):
        function = option(function)
    return function


def rules_and_usage(function: F) -> F:
    """The arguments RULES and USAGE; one of them may be `-`."""
    path = click.Path(allow_dash=True)
    return click.argument("rules", type=path)(click.argument("usage", type=path)(function))
