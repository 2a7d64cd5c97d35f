"""Whole comparisons, as a reader gets them; read by eye before they were accepted."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

import ratewright
from ratewright.comparison.compare import Method
from ratewright.comparison.parts import Comparison
from ratewright.diagnostics import Source
from ratewright.explain.comparison_document import assemble_comparison
from ratewright.explain.document import Detail
from ratewright.explain.machine.comparison_schema import Comparison as Model
from ratewright.explain.render import DETAILS, FORMATS, Format, render
from ratewright.usage import read
from tests.explain.test_truth import check_equations, said

HERE = Path(__file__).parent
ENDINGS = {"text": "txt", "markdown": "md", "html": "html", "json": "json"}
ONE_FILE = {
    format: type(
        f"{format}File",
        (SingleFileSnapshotExtension,),
        {"file_extension": ending, "_write_mode": WriteMode.TEXT},
    )
    for format, ending in ENDINGS.items()
}


@cache
def hosting(now: str, was: str, method: Method = "in-turn") -> Comparison:
    rules = ratewright.loads((HERE / "hosting.tariff").read_text(encoding="utf-8"), "hosting.tariff")
    usage, problems = read(Source("hosting.yaml", (HERE / "hosting.yaml").read_text(encoding="utf-8")))
    assert usage is not None, problems
    return rules.compare(usage, now, against_period=was, method=method).details


MARCH, APRIL = ("2026-03", "2026-02"), ("2026-04", "2026-03")
CASES: dict[str, tuple[tuple[str, str], Method, Format, Detail]] = {
    "march-text-short": (MARCH, "in-turn", "text", "short"),
    "march-text-normal": (MARCH, "in-turn", "text", "normal"),
    "march-text-full": (MARCH, "in-turn", "text", "full"),
    "march-shapley-text-normal": (MARCH, "shapley", "text", "normal"),
    "april-text-normal": (APRIL, "in-turn", "text", "normal"),
    "april-markdown-normal": (APRIL, "in-turn", "markdown", "normal"),
    "april-html-normal": (APRIL, "in-turn", "html", "normal"),
    "april-shapley-json-normal": (APRIL, "shapley", "json", "normal"),
}


@pytest.mark.parametrize("name", CASES)
def test_comparison(name: str, snapshot: SnapshotAssertion) -> None:
    (now, was), method, format, detail = CASES[name]
    assert render(hosting(now, was, method), format, detail) == snapshot(extension_class=ONE_FILE[format])


MONTHS = [(now, was) for now in ("2026-02", "2026-03", "2026-04") for was in ("2026-02", "2026-03", "2026-04")]


@pytest.mark.parametrize("method", ["in-turn", "shapley"])
@pytest.mark.parametrize(("now", "was"), MONTHS)
def test_what_is_said_is_true_and_tidy(now: str, was: str, method: Method) -> None:
    found = hosting(now, was, method)
    for detail in DETAILS:
        told = assemble_comparison(found, detail)
        check_equations(found.now[-1], said(told))
        for text in (told.title, *told.heading, *said(told), *(row.label for row in told.sums)):
            assert text == " ".join(text.split())
            assert not text.endswith((".", ","))
            assert "None" not in text
        Model.model_validate_json(render(found, "json", detail))
        for format in FORMATS:
            assert "+" in render(found, format, detail) or now <= was


def test_a_statement_says_what_changed() -> None:
    rules = ratewright.loads((HERE / "hosting.tariff").read_text(encoding="utf-8"), "hosting.tariff")
    usage = ratewright.read_usage(HERE / "hosting.yaml")
    text = rules.statement(usage, "2026-02", "2026-04").explain()
    due = [bill.due for bill in rules.statement(usage, "2026-02", "2026-04").bills]
    for before, after in pairwise(due):
        word = "more" if after > before else "less"
        assert f"{abs(after - before)} EUR {word} than the bill before: mainly" in text
    assert "than the bill before" not in rules.statement(usage, "2026-02", "2026-02").explain()
    assert "than the bill before" not in rules.statement(usage, "2026-02", "2026-04").explain(detail="short")
