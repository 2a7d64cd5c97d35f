"""From the files of `explain` and what they are compared with to comparisons, or to everything that is wrong."""

from __future__ import annotations

from typing import Literal, cast

import click

from ratewright.cli.accounts import Against, Asked, Given, periods_asked, read_given
from ratewright.cli.inputs import one_stdin
from ratewright.comparison.compare import compare
from ratewright.comparison.parts import Comparison
from ratewright.comparison.side import Side, side_of
from ratewright.diagnostics import Diagnostic, RatewrightError
from ratewright.limits import Limits
from ratewright.reading import FilesRead
from ratewright.refusal import RatingError
from ratewright.usage.model import Usage


def comparisons(
    rules: str, usage: str, asked: Asked, against: Against, limits: Limits, files: FilesRead
) -> tuple[list[Comparison], list[Diagnostic]]:
    """A comparison for each account. Raises RatewrightError, and UsageError for the command line."""
    one_stdin((rules, usage, *against.files, *asked.contract))
    if asked.first is not None or (against.period is not None and asked.period is None):
        raise click.UsageError("one bill is compared with another: name its period with --period")
    now = read_given(rules, usage, asked, limits, files)
    was = now
    if against.files:
        was = read_given(against.rules or "", against.usage or "", asked, limits, files, now)
    made: list[Comparison] = []
    problems: list[Diagnostic] = []
    method = cast("Literal['in-turn', 'shapley']", against.method or "in-turn")
    for account in now.accounts:
        try:
            before = _side(was, _like(account, was), asked._replace(period=against.period or asked.period))
            made.append(compare(before, _side(now, account, asked), method, limits))
        except RatingError as error:
            problems += error.diagnostics
    warnings = list(dict.fromkeys([*now.warnings, *was.warnings]))
    if problems:
        raise RatewrightError([*warnings, *problems])
    return made, warnings


def _like(account: Usage, given: Given) -> Usage:
    """The account of the other file that is compared: the one of the same name, or the only one."""
    return next((each for each in given.accounts if each.account == account.account), given.accounts[0])


def _side(given: Given, account: Usage, asked: Asked) -> Side:
    """Raises RatingError."""
    plans, usage = given.agreed.of(account)
    return side_of(plans, usage, periods_asked([plan.tariff for plan in plans], usage, asked))
