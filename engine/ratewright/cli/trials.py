"""Running all that `ratewright test` finds, file by file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ratewright.cli import codes
from ratewright.cli.collect import RuleFile, Tariffs, collect
from ratewright.cli.inputs import contracts_in
from ratewright.contracts.contract import Contract
from ratewright.diagnostics import Diagnostic, RatewrightError, errors_in, line_span
from ratewright.limits import Limits
from ratewright.meaning import nodes as tree
from ratewright.refusal import RatingError
from ratewright.trial.examples import run_contract, run_examples
from ratewright.trial.fixtures import run_fixture
from ratewright.trial.results import Status, Trial
from ratewright.trial.summary import Listed, Missing, Summary
from ratewright.usage import read_all
from ratewright.usage.model import Usage


@dataclass
class Run:
    """What was run: the trials of each file, and which of them are of which price list."""

    groups: list[tuple[str, list[Trial]]] = field(default_factory=list)
    lists: list[tuple[str, tree.Tariff]] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    by_list: dict[int, list[Trial]] = field(default_factory=dict)
    others: list[Trial] = field(default_factory=list)

    @property
    def trials(self) -> list[Trial]:
        """All trials, in the order of the files."""
        return [trial for _, some in self.groups for trial in some]

    def add(self, path: str, tariff: tree.Tariff, trials: Sequence[Trial]) -> None:
        """Take up the trials of a price list; `path` is where it stands."""
        if id(tariff) not in self.by_list:
            self.lists.append((path, tariff))
            self.by_list[id(tariff)] = []
        self.by_list[id(tariff)] += trials

    def summary(self) -> Summary:
        """The sums of each list."""
        lists = [Listed(path, tariff, self.by_list[id(tariff)]) for path, tariff in self.lists]
        return Summary(lists, self.missing, self.others)


def run(paths: Sequence[str], limits: Limits, beside: Sequence[str] = ()) -> Run:
    """Run the examples and fixtures that the paths hold, the fixtures under the contracts `beside` them.

    Raises RatewrightError for paths that give nothing, and for contracts that cannot be read.
    """
    found = collect(paths, limits)
    contracts, problems = contracts_in(beside, limits)
    if problems:
        raise RatewrightError(problems)
    tariffs = Tariffs(found.rules, limits)
    done = Run()
    for file in found.rules:
        done.groups.append((file.path, _examples(file, done, limits)))
    for path in dict.fromkeys((*found.contracts, *beside)):
        done.groups.append((path, _contract(path, tariffs, done, limits)))
    for path in found.fixtures:
        done.groups.append((path, _fixture(path, tariffs, done, limits, contracts)))
    return done


def _contract(path: str, tariffs: Tariffs, done: Run, limits: Limits) -> list[Trial]:
    """The examples of a contract, billed by the list that it names."""
    contracts, problems = contracts_in([path], limits)
    for contract in contracts:
        versions = tariffs.named(contract.list.text, path)
        if isinstance(versions, Diagnostic):
            problems = [versions]
            continue
        try:
            trials = run_contract(contract, versions, limits)
        except RatingError as error:
            problems = list(error.diagnostics)
            continue
        done.add(versions[-1].file.name, versions[-1], trials)
        return trials
    broken = _error(path, "the contract does not load", problems)
    done.others.append(broken)
    return [broken]


def _examples(file: RuleFile, done: Run, limits: Limits) -> list[Trial]:
    if file.tariff is None:
        done.missing.append(Missing(file.path, file.problems))
        return [_error(file.path, "the rule file does not load", file.problems)]
    trials = run_examples(file.tariff, limits)
    done.add(file.path, file.tariff, trials)
    return trials


def _fixture(path: str, tariffs: Tariffs, done: Run, limits: Limits, contracts: Sequence[Contract]) -> list[Trial]:
    accounts, problems = read_all(path, limits=limits)
    if errors_in(problems):
        broken = _error(path, "the fixture does not load", problems)
        done.others.append(broken)
        return [broken]
    return [_account(usage, tariffs, done, limits, contracts) for usage in accounts]


def _account(usage: Usage, tariffs: Tariffs, done: Run, limits: Limits, contracts: Sequence[Contract]) -> Trial:
    versions = _versions(usage, tariffs)
    if isinstance(versions, Diagnostic):
        refused = _refused(usage, versions)
        done.others.append(refused)
        return refused
    own = [contract for contract in contracts if contract.list.text == usage.tariff]
    trial = run_fixture(versions, usage, limits, own)
    done.add(versions[-1].file.name, versions[-1], [trial])
    return trial


def _versions(usage: Usage, tariffs: Tariffs) -> tuple[tree.Tariff, ...] | Diagnostic:
    """The versions of the price list that a fixture is of, or why it cannot be run."""
    if not usage.tariff:
        help = "add `tariff: ` and the name that stands behind `tariff` in the rule file"
        return Diagnostic(codes.NO_TARIFF, "the fixture does not say which price list it tests", help=help)
    if not usage.expectations:
        help = "add `expect:` with `- {period: 2026-03, total: 10 USD}`"
        return Diagnostic(codes.NOTHING_EXPECTED, "the fixture expects nothing", help=help)
    return tariffs.named(usage.tariff, usage.source.name)


def _refused(usage: Usage, problem: Diagnostic) -> Trial:
    """The fixture as an error at the line that names its price list, or its account."""
    source = usage.source
    words = [("tariff", usage.tariff), ("account", usage.account)]
    patterns = [rf"^[^#\n]*\b{key}\b\W*:.*{re.escape(value)}" for key, value in words if value]
    found = next((m for p in patterns if (m := re.search(p, source.text, re.MULTILINE))), None)
    span = line_span(source, source.line_of(found.start()) if found else 1)
    return _error(source.name, usage.account, [Diagnostic(problem.code, problem.message, span, problem.help)])


def _error(path: str, name: str, problems: Sequence[Diagnostic]) -> Trial:
    line = next((d.span.line for d in problems if d.span), 1)
    return Trial(path, line, name, Status.ERROR, (), (), tuple(problems))
