"""`ratewright format`: rule files in their canonical form, with all that their comments say."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import click

from ratewright.cli.options import RULES, Command, limit_options, shared_options
from ratewright.cli.settings import Settings
from ratewright.diagnostics import Diagnostic, RatewrightError
from ratewright.limits import Limits


@click.command("format", cls=Command)
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--check", "check_only", is_flag=True, help="Write nothing; leave with 1 if a file would change.")
@shared_options
@limit_options(RULES)
@click.pass_obj
def command(settings: Settings, paths: tuple[str, ...], check_only: bool) -> int:
    """Rewrite rule files in their canonical form.

    PATH is a rule file, a folder that is searched for *.tariff, or - for standard input, which is written
    to standard output. Columns are aligned, and comments stay where they stand. A file says the same
    afterwards, or nothing is written.

    \b
    Examples:
      ratewright format prices.tariff
      ratewright format prices/ --check
      cat prices.tariff | ratewright format -
    """
    from ratewright.cli.endings import FINDINGS, FINE
    from ratewright.cli.inputs import STDIN, one_stdin, rule_files
    from ratewright.cli.output import deliver

    one_stdin(paths)
    files = rule_files(paths, "format")
    done = _formatted(files, settings.limits)
    changed = [one for one in done if one.before != one.after]
    if check_only:
        deliver(_said(changed, len(done), "would change"))
        return FINDINGS if changed else FINE
    for one in changed:
        if one.path != STDIN:
            deliver(one.after, Path(one.path), help="see to it that the file may be written")
    piped = [one.after for one in done if one.path == STDIN]
    deliver(piped[0] if piped else _said(changed, len(done), "changed"))
    return FINE


class _Formatted(NamedTuple):
    """A rule file's text before and after."""

    path: str
    before: str
    after: str


def _formatted(paths: list[str], limits: Limits) -> list[_Formatted]:
    """All files, before any is written. Raises RatewrightError with what is wrong in any of them."""
    from ratewright.cli import codes
    from ratewright.cli.inputs import rules_text
    from ratewright.printing.formatting import FormatError, format_rules
    from ratewright.syntax.parser import parse_rules

    done: list[_Formatted] = []
    problems: list[Diagnostic] = []
    for path in paths:
        source, found = rules_text(path, limits)
        if source is not None:
            file, found = parse_rules(source, limits)
            try:
                after = format_rules(file, source, limits) if not found else ""
                done.append(_Formatted(path, source.text, after))
            except FormatError as error:
                found = [Diagnostic(codes.CANNOT_FORMAT, str(error), error.span, error.help)]
        problems += found
    if problems:
        raise RatewrightError(problems)
    return done


def _said(changed: list[_Formatted], files: int, what: str) -> str:
    from ratewright.cli.words import counted

    return "".join(f"{one.path} {what}\n" for one in changed) + f"{counted(files, 'file')}, {len(changed)} {what}\n"
