"""The JSON form: its schema, its exactness, its agreement with the bill."""

import json
import re

import pytest
from pydantic import TypeAdapter, ValidationError

from ratewright.explain.machine.json_schema import EXACT, BillExplanation, StatementExplanation, explanation_schema
from ratewright.explain.render import DETAILS, render
from tests.explain.bills import all_bills, both, plain

RESULTS = {**all_bills(), "both": both()}
ADAPTER: TypeAdapter = TypeAdapter(BillExplanation | StatementExplanation)


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("name", RESULTS)
def test_every_explanation_fits_the_schema(name: str, detail) -> None:
    ADAPTER.validate_json(render(RESULTS[name], "json", detail))


def test_the_schema_refuses_what_it_does_not_know() -> None:
    data = json.loads(render(plain(), "json"))
    with pytest.raises(ValidationError, match="surprise"):
        ADAPTER.validate_python({**data, "surprise": 1})


def test_the_schema_describes_itself() -> None:
    schema = explanation_schema()
    assert schema["$id"] == "ratewright/explanation/1"
    assert json.loads(json.dumps(schema)) == schema


def numbers_in(data: object) -> list[object]:
    if isinstance(data, dict):
        return [n for name, value in data.items() if name != "line" for n in numbers_in(value)]
    if isinstance(data, list):
        return [n for value in data for n in numbers_in(value)]
    return [data] if isinstance(data, int | float) and not isinstance(data, bool) else []


@pytest.mark.parametrize("name", RESULTS)
def test_no_figure_is_a_json_number(name: str) -> None:
    data = json.loads(render(RESULTS[name], "json", "full"))
    assert numbers_in(data) == []


def test_the_figures_of_a_charge() -> None:
    data = json.loads(render(plain(), "json"))
    assert data["total"]["value"] == "796.00"
    (charge,) = [r for s in data["sections"] for r in s["rows"] if r["kind"] == "charge"]
    assert charge["quantity"] == {"value": "9950", "unit": "pic", "text": "9,950 pics"}
    price = charge["figures"]["price"]
    assert price["form"] == "volume"
    first, second, *_ = price["tiers"]
    assert first["reached"]
    assert not first["upper_inside"]
    assert second["short_by"] == "50"
    advice = charge["figures"]["next_row"]
    assert (advice["more"], advice["unit"], advice["amount"], advice["exactly"]) == ("50", "pic", "600", True)
    assert all(re.fullmatch(EXACT, t["lower"]) for t in price["tiers"])
    assert charge["figures"]["rule"].startswith("rules/tencent_hy_image.tariff:")


def test_instants_are_in_utc() -> None:
    period = json.loads(render(plain(), "json"))["period"]
    assert period == {"text": "March 2026", "start": "2026-02-28T16:00:00Z", "end": "2026-03-31T16:00:00Z"}
