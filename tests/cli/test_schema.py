"""`ratewright schema`: what it prints describes what the other commands read and print."""

import json

import pytest


def described(schema: dict) -> set[str]:
    """Every key that a schema knows, at any depth."""
    found = set(schema.get("properties", {}))
    for value in schema.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                found |= described(part)
    return found


def keys(data: object) -> set[str]:
    if isinstance(data, list):
        return set().union(*map(keys, data)) if data else set()
    if isinstance(data, dict):
        return set(data).union(*map(keys, data.values()))
    return set()


@pytest.mark.parametrize("kind", ["usage", "bill", "explanation"])
def test_a_schema_is_json_schema(run, kind: str) -> None:
    done = run("schema", kind)
    assert (done.exit_code, done.stderr) == (0, "")
    schema = json.loads(done.stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$defs"]


def test_a_bill_has_no_key_that_its_schema_lacks(run, two_accounts) -> None:
    printed = json.loads(run("bill", "prices.tariff", "two.yaml", "--format", "json").stdout)
    assert keys(printed) <= described(json.loads(run("schema", "bill").stdout))


def test_what_init_writes_has_no_key_that_the_schema_of_usage_lacks(run) -> None:
    known = described(json.loads(run("schema", "usage").stdout))
    assert {"account", "tariff", "activated", "usage", "expect", "meter", "quantity"} <= known


def test_into_a_file(run, tmp_path) -> None:
    done = run("schema", "bill", "-o", tmp_path / "bill.schema.json")
    assert (done.exit_code, done.stdout) == (0, "")
    assert json.loads((tmp_path / "bill.schema.json").read_text()) == json.loads(run("schema", "bill").stdout)


def test_an_unknown_kind(run) -> None:
    done = run("schema", "bil")
    assert done.exit_code == 2
    assert "'usage', 'bill', 'explanation'" in done.stderr
