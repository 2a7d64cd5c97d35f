"""Whole explanations, as a reader gets them; read by eye before they were accepted."""

from functools import partial

import pytest
from msgspec.structs import replace
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from ratewright.explain.render import render
from ratewright.rating.bill import Bill, Statement
from tests.explain.bills import CASES as CASES_OF_RULES
from tests.explain.bills import both, busy, case, contract, late, parts, plain
from tests.explain.test_summary import cloud

ENDINGS = {"text": "txt", "markdown": "md", "html": "html", "json": "json"}
ONE_FILE = {
    format: type(
        f"{format}File",
        (SingleFileSnapshotExtension,),
        {"file_extension": ending, "_write_mode": WriteMode.TEXT},
    )
    for format, ending in ENDINGS.items()
}
CASES = {
    "plain-text-short": (plain, "text", "short"),
    "plain-text-normal": (plain, "text", "normal"),
    "plain-text-full": (plain, "text", "full"),
    "plain-markdown-normal": (plain, "markdown", "normal"),
    "plain-html-normal": (plain, "html", "normal"),
    "plain-json-normal": (plain, "json", "normal"),
    "busy-text-normal": (lambda: busy()[1], "text", "normal"),
    "busy-text-full": (lambda: busy()[1], "text", "full"),
    "busy-markdown-full": (lambda: busy()[1], "markdown", "full"),
    "parts-text-normal": (parts, "text", "normal"),
    "parts-text-full": (parts, "text", "full"),
    "late-text-full": (late, "text", "full"),
    "contract-text-short": (contract, "text", "short"),
    "contract-text-full": (contract, "text", "full"),
    "contract-markdown-normal": (contract, "markdown", "normal"),
    "contract-html-normal": (contract, "html", "normal"),
    "contract-json-normal": (contract, "json", "normal"),
    **{
        f"{path.stem}-text-{detail}": (partial(case, path.stem), "text", detail)
        for path in CASES_OF_RULES
        for detail in ("normal", "full")
    },
    "discounts_and_taxes-text-short": (partial(case, "discounts_and_taxes"), "text", "short"),
    "discounts_and_taxes-markdown-normal": (partial(case, "discounts_and_taxes"), "markdown", "normal"),
    "discounts_and_taxes-html-normal": (partial(case, "discounts_and_taxes"), "html", "normal"),
    "discounts_and_taxes-json-normal": (partial(case, "discounts_and_taxes"), "json", "normal"),
    "parts_of_a_month-text-short": (partial(case, "parts_of_a_month"), "text", "short"),
    "parts_of_a_month-markdown-normal": (partial(case, "parts_of_a_month"), "markdown", "normal"),
    **{
        f"line_by_line-{format}-{detail}": (partial(case, "line_by_line"), format, detail)
        for format, detail in (("text", "short"), ("markdown", "normal"), ("html", "normal"), ("json", "normal"))
    },
    "drawn_by_plan-json-normal": (partial(case, "drawn_by_plan"), "json", "normal"),
    **{
        f"{name}-{format}-normal": (partial(case, name), format, "normal")
        for name in ("short_words", "total_of_a_year")
        for format in ("html", "json")
    },
    "peaks-json-normal": (partial(case, "peaks"), "json", "normal"),
    "capped-json-normal": (partial(case, "capped"), "json", "normal"),
    **{
        f"windows-{format}-normal": (partial(case, "windows"), format, "normal")
        for format in ("markdown", "html", "json")
    },
    "statement-text-short": (both, "text", "short"),
    "statement-html-short": (both, "html", "short"),
    **{f"months-{format}-short": (cloud, format, "short") for format in ENDINGS},
}


def pinned(result: Bill | Statement) -> Bill | Statement:
    """The result with one version of the time zone data, whichever is installed."""
    if isinstance(result, Bill):
        return replace(result, tzdata="2026.1")
    return replace(result, bills=tuple(replace(bill, tzdata="2026.1") for bill in result.bills))


@pytest.mark.parametrize("name", CASES)
def test_explanation(name: str, snapshot: SnapshotAssertion) -> None:
    make, format, detail = CASES[name]

    assert render(pinned(make()), format, detail) == snapshot(extension_class=ONE_FILE[format])
