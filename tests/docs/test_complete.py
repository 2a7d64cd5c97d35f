"""The pages leave nothing out: commands, options, keys, words of the grammar, limits; and they promise nothing more."""

from __future__ import annotations

import re
import tomllib

import click
import pytest
from msgspec.structs import fields

from benchmarks.__main__ import BENCHMARKS
from ratewright.checks.run import check
from ratewright.cli.options import LimitOption
from ratewright.cli.root import COMMANDS, root
from ratewright.diagnostics import Source
from ratewright.limits import DEFAULT, Limits
from ratewright.meaning import nodes as tree
from ratewright.report.bill_schema import BillModel, StatementModel
from ratewright.resolve.expected_figures import outcome_scope
from ratewright.resolve.functions import PERIOD_FUNCTIONS
from ratewright.resolve.name_space import RESERVED
from ratewright.resolve.pools import REFUND_FACTS
from ratewright.resources import grammar_file
from ratewright.usage.fixture_schema import MODELS, FileModel, RecordModel
from ratewright.values.calendar import MONTHS, WEEKDAYS
from ratewright.values.units import builtin_units
from tests.docs.pages import ROOT, page
from tests.docs.running import into

LANGUAGE = page("docs/language.md")


def options(name: str) -> list[click.Option]:
    context = click.Context(root)
    command = root.get_command(context, name)
    assert command is not None
    return [p for p in command.params if isinstance(p, click.Option)]


def in_code(name: str) -> str:
    """All that stands in backticks or blocks on a page."""
    found = page(name)
    return "\n".join([*(block.text for block in found.blocks), *re.findall(r"`([^`\n]+)`", found.prose)])


def missing(words: list[str] | set[str], text: str) -> list[str]:
    return sorted(w for w in words if not re.search(rf"(?<![\w-]){re.escape(w)}(?![\w-])", text))


# ---------------------------------------------------------------- commands and options


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_described(name: str) -> None:
    section = page("docs/commands.md").section(name)
    assert f"ratewright {name}" in section
    common = page("docs/commands.md").text.partition("\n## ")[0]
    wanted = [o for p in options(name) if not isinstance(p, LimitOption) for o in p.opts]
    assert missing(wanted, section + common) == []


def test_options_of_the_program_itself_are_described() -> None:
    common = page("docs/commands.md").text.partition("\n## ")[0]
    assert missing([o for p in root.params for o in p.opts if o != "--help"], common) == []


def test_no_option_is_described_that_is_not_there() -> None:
    known = {o for name in COMMANDS for p in options(name) for o in p.opts} | {"--help", "--version"}
    for name in ("docs/commands.md", "docs/limits.md", "docs/bills.md", "docs/guide.md", "docs/usage.md"):
        assert set(re.findall(r"`[^`\n]*?(--[a-z][a-z-]+)", page(name).prose)) <= known, name


# ---------------------------------------------------------------- limits


def test_every_limit_is_described_with_its_default_and_flag() -> None:
    flags = {flag for name in COMMANDS for p in options(name) if isinstance(p, LimitOption) for flag in p.opts}
    rows = [line for line in page("docs/limits.md").section("Limits").splitlines() if line.startswith("|")]
    by_field = {found.group(1): row for row in rows if (found := re.search(r"`(\w+)` \|$", row))}
    assert set(by_field) == {f.name for f in fields(Limits)}
    for field in fields(Limits):
        cells = [cell.strip() for cell in by_field[field.name].strip("|").split("|")]
        assert cells[1] in written(getattr(DEFAULT, field.name)), field.name
    assert set(re.findall(r"`(--max-[a-z-]+)`", "\n".join(by_field.values()))) == flags


def written(number: int) -> set[str]:
    found = {str(number), f"{number:,}"}
    for factor, unit in ((2**10, "KiB"), (2**20, "MiB"), (2**30, "GiB")):
        if number % factor == 0:
            found.add(f"{number // factor} {unit}")
    return found


# ---------------------------------------------------------------- the language


def test_every_word_of_the_grammar_is_in_the_reference() -> None:
    grammar = re.sub(r"//[^\n]*", "", grammar_file().read_text(encoding="utf-8"))
    assert missing(set(re.findall(r'"([a-z]+)"', grammar)), in_code("docs/language.md")) == []


def test_every_sign_of_the_grammar_is_in_the_reference() -> None:
    grammar = re.sub(r"//[^\n]*", "", grammar_file().read_text(encoding="utf-8"))
    code = in_code("docs/language.md")
    assert [sign for sign in set(re.findall(r'"([^a-z\s"]{1,2})"', grammar)) if sign not in code] == []


def test_every_function_and_figure_is_in_the_reference() -> None:
    tariff, _ = check(Source("example.tariff", into("example", "")))
    assert tariff is not None
    scope = outcome_scope(tariff, {})
    words = {kind.value for kind in tree.Aggregation} | set(PERIOD_FUNCTIONS) | set(scope.functions)
    words |= {"max", "min", "days", "length", "time", "weekday", *WEEKDAYS, *MONTHS}
    words |= {a for known in scope.attributes.values() for a in known}
    words |= set(RESERVED) | set(REFUND_FACTS)
    assert missing(words, in_code("docs/language.md")) == []


def test_every_unit_is_in_the_reference() -> None:
    code = in_code("docs/language.md")
    units = {unit.singular for unit in builtin_units(1000).values()}
    assert missing(units, code) == []


def test_every_reserved_word_of_formulas_is_in_the_reference() -> None:
    """The words that mean themselves: a switch of that name cannot be asked for."""
    grammar = grammar_file().read_text(encoding="utf-8")
    told = re.search(r"Seven words always mean themselves in a formula.*?:\n?(.*?)\.", LANGUAGE.text, re.DOTALL)
    assert told is not None
    reserved = set()
    for word in set(re.findall(r'"([a-z]+)"', grammar)) - set(RESERVED) - set(builtin_units(1000)):
        rules = into("condition", "{word}").replace("setting postpaid", f"setting {word} = on\nsetting postpaid")
        found, _ = check(Source("word.tariff", rules.replace("{word}", f"1 == 1 and {word}")))
        if found is None and word not in ("unit", "tariff"):
            reserved.add(word)
    assert reserved
    assert reserved <= set(re.findall(r"`(\w+)`", told.group()))


# ---------------------------------------------------------------- the design


def test_the_design_names_every_part_in_the_order_of_the_import_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c["layers"] for c in contracts if c["id"] == "pipeline")
    ranks = {name.strip(): rank for rank, layer in enumerate(layers) for name in layer.split("|")}
    rows = re.findall(r"^\| (`[^|]*`) \|", page("docs/design.md").text, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)(?:/|\.py)`", row)]
    assert set(named) == set(ranks)
    assert [ranks[name] for name in named] == sorted(ranks.values())


def test_every_benchmark_is_described() -> None:
    assert missing(set(BENCHMARKS), in_code("benchmarks/README.md")) == []


# ---------------------------------------------------------------- usage and bills


def test_every_key_of_a_fixture_is_described() -> None:
    models = [*(model for model, _ in MODELS.values()), RecordModel, FileModel]
    keys = {key.name for model in models for key in model.keys.values()}
    assert missing(keys, in_code("docs/usage.md")) == []


def test_every_key_of_a_bill_is_described() -> None:
    definitions = [BillModel.model_json_schema(by_alias=True), StatementModel.model_json_schema(by_alias=True)]
    keys = {key for schema in definitions for part in (schema, *schema["$defs"].values()) for key in part["properties"]}
    assert missing(keys, in_code("docs/bills.md")) == []
