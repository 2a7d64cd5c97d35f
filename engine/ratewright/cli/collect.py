"""What `ratewright test` finds to run: rule files with their examples, and fixtures that expect something."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ratewright.checks.run import check
from ratewright.cli import codes
from ratewright.cli.inputs import CONTRACTS, FIXTURES, RULE_FILES, STDIN, file_bytes, files_in, rules_text
from ratewright.diagnostics import Diagnostic, RatewrightError, Source, errors_in
from ratewright.limits import Limits
from ratewright.meaning import nodes as tree
from ratewright.rating.versions import in_order
from ratewright.refusal import RatingError

_TARIFF = re.compile(r"^[ \t]*tariff[ \t]+(\w+)", re.MULTILINE)
_KEY = r"^(?:[{{][ \t]*)?[\"']?{}[\"']?[ \t]*:(?:[ \t\r\n]|$)"
_ACCOUNT = re.compile(_KEY.format("account"), re.MULTILINE)
_EXPECT = re.compile(_KEY.format("expect"), re.MULTILINE)


class RuleFile(NamedTuple):
    """A rule file; `tariff` is None where it does not load, and `name` then what its text says."""

    path: str
    name: str
    tariff: tree.Tariff | None
    problems: Sequence[Diagnostic]


class Found(NamedTuple):
    """What the paths hold, each in the order found."""

    rules: list[RuleFile]
    fixtures: list[str]
    contracts: list[str]


def collect(paths: Sequence[str], limits: Limits) -> Found:
    """Read the rule files and find the fixtures. Raises RatewrightError for paths that cannot be read."""
    endings = (*RULE_FILES, *CONTRACTS, *FIXTURES)
    files = files_in(paths, endings)
    strange = [path for path, _ in files if path != STDIN and not path.lower().endswith(endings)]
    if strange:
        raise RatewrightError(
            Diagnostic(
                codes.OTHER_KIND,
                f"`{path}` is neither a rule file nor a fixture",
                help="rule files are *.tariff, contracts *.contract, fixtures *.yaml, *.yml or *.json",
                file=path,
            )
            for path in strange
        )
    rules = [load(path, limits) for path, _ in files if path == STDIN or path.lower().endswith(RULE_FILES)]
    fixtures = [
        path
        for path, named in files
        if path.lower().endswith(FIXTURES) and _is_fixture(path, file_bytes(path, limits.fixture_bytes), named)
    ]
    contracts = [path for path, _ in files if path.lower().endswith(CONTRACTS)]
    if not rules and not fixtures and not contracts:
        where = ", ".join(f"`{path}`" for path in paths)
        message = f"there is no rule file (*.tariff) and no fixture with `expect` in {where}"
        raise RatewrightError([Diagnostic(codes.NOTHING_THERE, message)])
    return Found(rules, fixtures, contracts)


def load(path: str, limits: Limits) -> RuleFile:
    """Read and check one rule file. Raises RatewrightError if there is nothing to read."""
    source, problems = rules_text(path, limits)
    if source is None:
        return RuleFile(path, "", None, problems)
    tariff, problems = check(source, limits)
    return RuleFile(path, tariff.name if tariff else _name_in(source), tariff, errors_in(problems))


def _name_in(source: Source) -> str:
    found = _TARIFF.search(source.text)
    return found[1] if found else ""


def _is_fixture(path: str, data: bytes, named: bool) -> bool:
    """Whether a file is a fixture that expects something. A file that a user named is taken for one."""
    if named:
        return True
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    if path.lower().endswith(".json"):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            return False
        return isinstance(content, dict) and {"account", "expect"} <= content.keys()
    return _ACCOUNT.search(text) is not None and _EXPECT.search(text) is not None


def _adjoin(versions: list[tree.Tariff]) -> bool:
    """Whether price lists of one name are its versions."""
    try:
        in_order(versions)
    except RatingError:
        return False
    return True


class Tariffs:
    """Price lists by name: those of the given rule files, and behind them those of the package."""

    def __init__(self, given: Sequence[RuleFile], limits: Limits) -> None:
        self._given = given
        self._limits = limits
        self._bundled: dict[str, tree.Tariff | None] = {}

    def named(self, name: str, fixture: str) -> tuple[tree.Tariff, ...] | Diagnostic:
        """The versions of the price list that a fixture names, or why there is none.

        The fixture's own folder comes first.
        """
        given = [file for file in self._given if file.name == name]
        beside = [file for file in given if Path(file.path).parent == Path(fixture).parent]
        given = beside or given
        loaded = [file.tariff for file in given if file.tariff is not None]
        if len(given) > 1 and len(loaded) == len(given) and _adjoin(loaded):
            return tuple(in_order(loaded))
        if len(given) > 1:
            places = " and ".join(f"`{file.path}`" for file in given)
            return Diagnostic(
                codes.TWO_TARIFFS,
                f"the price list `{name}` stands in {places}",
                help="name only one of them, or let their times adjoin",
            )
        if given:
            broken = Diagnostic(codes.NO_SUCH_TARIFF, f"the price list `{name}` does not load: `{given[0].path}`")
            return (given[0].tariff,) if given[0].tariff is not None else broken
        if name not in self._bundled:
            self._bundled[name] = next(self._in_package(name), None)
        bundled = self._bundled[name]
        if bundled is not None:
            return (bundled,)
        return Diagnostic(
            codes.NO_SUCH_TARIFF,
            f"there is no price list `{name}` among the rule files",
            help="name its rule file beside the fixture, or correct `tariff`",
        )

    def _in_package(self, name: str) -> Iterator[tree.Tariff]:
        from ratewright.resources import rules_dir

        for path in sorted(Path(rules_dir()).rglob("*.tariff")):
            text = path.read_text(encoding="utf-8")
            if name in _TARIFF.findall(text):
                tariff = load(str(path), self._limits).tariff
                if tariff is not None and tariff.name == name:
                    yield tariff
