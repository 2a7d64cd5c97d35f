"""From the two files of `bill` and `explain` to rated accounts, or to everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import click
from msgspec.structs import replace as with_fields

from ratewright.cli import codes
from ratewright.cli.inputs import RULE_FILES, STDIN, contracts_in, files_in, one_stdin, rules_text, stdin_bytes
from ratewright.contracts.codes import OTHER_ACCOUNT
from ratewright.contracts.contract import Contract
from ratewright.contracts.stretches import Agreed
from ratewright.diagnostics import Diagnostic, RatewrightError, Severity, errors_in
from ratewright.limits import Limits
from ratewright.meaning import nodes as tree
from ratewright.rating.bill import Bill, MadeFrom, Statement
from ratewright.rating.corrections import rate_account
from ratewright.rating.named_periods import months, named, spanned
from ratewright.rating.walk import statement
from ratewright.reading import FilesRead
from ratewright.refusal import RatingError
from ratewright.usage import read_all, source_from_bytes
from ratewright.usage.model import Usage
from ratewright.values.calendar import Period, calendar_of


class Asked(NamedTuple):
    """Which accounts and periods a user asked for."""

    period: str | None
    first: str | None
    last: str | None
    account: str | None
    contract: tuple[str, ...] = ()


class Against(NamedTuple):
    """What the other bill is made from, with which one is compared, and how."""

    period: str | None
    usage: str | None
    rules: str | None
    method: str | None

    @property
    def any(self) -> bool:
        """Whether there is another bill. Raises UsageError for a method without one."""
        found = any(each is not None for each in (self.period, self.usage, self.rules))
        if self.method is not None and not found:
            raise click.UsageError(
                "--method is for a comparison: give --against-period, --against-usage or --against-rules"
            )
        return found

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(each for each in (self.usage, self.rules) if each is not None)


class Given(NamedTuple):
    """What the files of `bill` and `explain` hold: lists with their contracts, accounts, what to be warned of."""

    agreed: Agreed
    accounts: list[Usage]
    warnings: list[Diagnostic]


def results(
    rules: str, usage: str, asked: Asked, limits: Limits, files: FilesRead
) -> tuple[list[Bill | Statement], list[Diagnostic]]:
    """A bill or a statement for each account, with what its reader should be warned of.

    What was read is noted in `files`. Raises RatewrightError with everything that is wrong with both files,
    UsageError for the command line.
    """
    given = read_given(rules, usage, asked, limits, files)
    rated: list[Bill | Statement] = []
    problems: list[Diagnostic] = []
    for account in given.accounts:
        try:
            rated.append(_rated(given.agreed, account, asked, limits))
        except RatingError as error:
            problems += error.diagnostics
    if problems:
        raise RatewrightError([*given.warnings, *problems])
    made_from = MadeFrom(tuple(files.digests()))
    return [_made_from(made_from, one) for one in rated], given.warnings


def read_given(
    rules: str, usage: str, asked: Asked, limits: Limits, files: FilesRead, known: Given | None = None
) -> Given:
    """What both files hold. Raises RatewrightError with everything that is wrong with them, UsageError.

    What is `known` of one of them is not read again: of the one whose path is empty.
    """
    one_stdin((rules, usage, *asked.contract))
    if usage.lower().endswith(".tariff") and not rules.lower().endswith(".tariff"):
        raise click.UsageError(f"the rule file comes first: {usage} {rules}")
    if asked.period is not None and (asked.first or asked.last):
        raise click.UsageError("give either --period, or --from and --to")
    if (asked.first is None) != (asked.last is None):
        raise click.UsageError("a range has two ends: give --from and --to")
    problems: list[Diagnostic] = []
    if known is not None and not rules:
        versions, contracts = list(known.agreed.versions), list(known.agreed.contracts)
    else:
        versions, found = _versions(rules, limits, files)
        contracts, more = (
            contracts_in(asked.contract, limits, files) if known is None else (list(known.agreed.contracts), [])
        )
        problems += [*found, *more]
    if known is not None and not usage:
        accounts = known.accounts
    else:
        accounts, found = _accounts(usage, limits, files)
        problems += found
    if not versions or errors_in(problems):
        raise RatewrightError(problems)
    chosen = _chosen(accounts, asked.account, usage)
    warnings = [*problems, *_other_tariffs(chosen, versions[0])]
    problems = _of_none(contracts, chosen)
    try:
        agreed = known.agreed if known is not None and not rules else Agreed(versions, contracts, limits)
    except RatingError as error:
        raise RatewrightError([*warnings, *problems, *error.diagnostics]) from error
    if problems:
        raise RatewrightError([*warnings, *problems])
    return Given(agreed, chosen, warnings)


def _made_from(made_from: MadeFrom, result: Bill | Statement) -> Bill | Statement:
    if isinstance(result, Bill):
        return with_fields(result, made_from=made_from)
    bills = tuple(with_fields(bill, made_from=made_from) for bill in result.bills)
    return with_fields(result, bills=bills, made_from=made_from)


def _versions(path: str, limits: Limits, read: FilesRead) -> tuple[list[tree.Tariff], list[Diagnostic]]:
    """The price list of a file, or its versions that stand in a folder, with all errors."""
    found: list[tree.Tariff] = []
    problems: list[Diagnostic] = []
    try:
        files = files_in([path], RULE_FILES)
    except RatewrightError as error:
        return [], list(error.diagnostics)
    for file, _ in files:
        tariff, errors = _tariff(file, limits, read)
        problems += errors
        if tariff is not None:
            found.append(tariff)
    names = sorted({tariff.name for tariff in found})
    if len(names) > 1:
        problems.append(
            Diagnostic(
                codes.SEVERAL_TARIFFS,
                f"the folder holds {len(names)} price lists: {', '.join(names[:10])}",
                help="name one file, or a folder with the versions of one price list",
                file=path,
            )
        )
    elif not found and not problems:
        problems.append(
            Diagnostic(codes.SEVERAL_TARIFFS, "the folder holds no rule file", help="name a `*.tariff` file", file=path)
        )
    return found, problems


def _tariff(path: str, limits: Limits, files: FilesRead) -> tuple[tree.Tariff | None, list[Diagnostic]]:
    """The price list and its errors. What may be odd about it is for `check` to say."""
    from ratewright.checks.run import check

    try:
        source, problems = rules_text(path, limits, files)
    except RatewrightError as error:
        return None, list(error.diagnostics)
    if source is None:
        return None, problems
    tariff, problems = check(source, limits)
    return tariff, list(errors_in(problems))


def _of_none(contracts: Sequence[Contract], accounts: Sequence[Usage]) -> list[Diagnostic]:
    """The contracts that are of none of the accounts: whoever names one means it for somebody."""
    names = {account.account for account in accounts}
    return [
        Diagnostic(
            OTHER_ACCOUNT,
            f"`{contract.name}` is a contract of {', '.join(contract.accounts)}, and no such account is billed",
            contract.span,
            f"there is {', '.join(f'`{name}`' for name in sorted(names)[:10])}",
        )
        for contract in contracts
        if contract.accounts and names.isdisjoint(contract.accounts)
    ]


def _accounts(path: str, limits: Limits, files: FilesRead) -> tuple[list[Usage], list[Diagnostic]]:
    if path != STDIN:
        return read_all(path, limits=limits, files=files)
    source, problems = source_from_bytes("<stdin>", stdin_bytes(limits.fixture_bytes, files), limits=limits)
    return ([], problems) if source is None else read_all(source, limits=limits, files=files)


def _chosen(accounts: list[Usage], name: str | None, path: str) -> list[Usage]:
    chosen = [a for a in accounts if name is None or a.account == name]
    if not chosen:
        known = ", ".join(f"`{a.account}`" for a in accounts[:10])
        raise RatewrightError(
            [Diagnostic(codes.NO_SUCH_ACCOUNT, f"there is no account `{name}`", help=f"there is {known}", file=path)]
        )
    return chosen


def _other_tariffs(accounts: Sequence[Usage], tariff: tree.Tariff) -> list[Diagnostic]:
    return [
        Diagnostic(
            codes.OTHER_TARIFF,
            f"`{a.account}` was written for the price list `{a.tariff}` and is billed by `{tariff.name}`",
            severity=Severity.WARNING,
            file=a.source.name,
        )
        for a in accounts
        if a.tariff not in (None, tariff.name)
    ]


def _rated(agreed: Agreed, usage: Usage, asked: Asked, limits: Limits) -> Bill | Statement:
    """Raises RatingError."""
    plans, usage = agreed.of(usage)
    bills, problems = rate_account(plans, usage, periods_asked([plan.tariff for plan in plans], usage, asked), limits)
    if problems:
        raise RatingError(problems)
    return bills[0] if len(bills) == 1 else statement(bills)


def periods_asked(versions: Sequence[tree.Tariff], usage: Usage, asked: Asked) -> list[Period]:
    """The periods to bill: those named, or all that the account's data tell of. Raises RatingError."""
    calendar = calendar_of(versions[0].timezone)
    if asked.period is not None:
        return named(asked.period, calendar)
    if asked.first is not None and asked.last is not None:
        return months(asked.first, asked.last, calendar)
    found = spanned(usage, versions, calendar)
    if not found:
        nothing = f"the data of `{usage.account}` tell of no time, so no month is billed"
        raise RatingError(
            [Diagnostic("A207", nothing, help="name a month: `--period 2026-03`", file=usage.source.name)]
        )
    return found
