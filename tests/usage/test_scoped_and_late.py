"""What lots are for (`with`), what was paid, records that came late, and the version that an account is kept on."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from whenever import Date, Instant

from ratewright.usage import json_schema
from ratewright.usage.model import Amount, field_text

WHOLE = """\
account: acme
tariff: storage
version: 2026-01-21
grants:
  - {grant: own, size: 1 GB, with: {region: EU}}
  - {grant: own, size: 2 GB, with: {region: US}}
balances:
  - {package: pack, remaining: 5 GB, lot: b1, with: {class: STANDARD, tier: 1.10}}
purchases:
  - {id: p1, package: pack, size: 10 GB, at: 2026-02-01, with: {class: STANDARD}, paid: 3.46 USD}
  - {id: p2, package: pack, size: 10 GB, at: 2026-02-01}
usage:
  - {meter: m, at: 2026-02-01T10:00:00Z, reported: 2026-02-03T10:00:00Z}
  - {meter: m, in: 2026-02, quantity: 3, reported: 2026-03-05}
  - {meter: m, at: 2026-02-01T10:00:00Z}
"""


def test_what_lots_are_for(reading) -> None:
    usage, diagnostics = reading(WHOLE)
    assert not diagnostics
    assert [(dict(g.attributes), g.size) for g in usage.grants] == [
        ({"region": "EU"}, Amount(1, "GB")),
        ({"region": "US"}, Amount(2, "GB")),
    ]
    (balance,) = usage.balances
    assert {name: field_text(value) for name, value in balance.attributes.items()} == {
        "class": "STANDARD",
        "tier": "1.10",
    }
    first, second = usage.purchases
    assert dict(first.attributes) == {"class": "STANDARD"}
    assert (first.paid, second.paid) == (Amount(Fraction(346, 100), "USD"), None)
    assert dict(second.attributes) == {}


def test_the_version_is_a_day_as_written(reading) -> None:
    assert reading(WHOLE)[0].version == "2026-01-21"
    assert reading("account: acme\n")[0].version is None


def test_when_late_records_became_known(reading) -> None:
    usage, _ = reading(WHOLE)
    assert [r.reported for r in usage.records] == [Instant.from_utc(2026, 2, 3, 10), Date(2026, 3, 5), None]


def test_a_record_may_be_reported_at_its_own_instant(reading) -> None:
    usage, diagnostics = reading(
        "account: a\nusage: [{meter: m, at: 2026-02-01T10:00:00Z, reported: 2026-02-01T18:00:00+08:00}]\n"
    )
    assert not diagnostics
    assert usage.records[0].reported == usage.records[0].start


def rows(count: int, wrong: int | None = None) -> list[dict[str, str]]:
    """Events of one day; every third was reported a day later, and one of them, if asked, a day before."""
    made = []
    for number in range(count):
        row = {"id": f"e{number}", "at": f"2026-02-02T10:00:{number:02d}Z", "quantity": "2"}
        if number % 3 == 0:
            row["reported"] = f"2026-02-0{1 if number == wrong else 3}T00:00:00Z"
        made.append(row)
    return made


def as_csv(records: list[dict[str, str]]) -> str:
    keys = ("id", "at", "quantity", "reported")
    return "\n".join([",".join(keys), *(",".join(r.get(k, "") for k in keys) for r in records)]) + "\n"


def as_lines(records: list[dict[str, str]]) -> str:
    return "".join(json.dumps({"meter": "m", **r}) + "\n" for r in records)


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize(("name", "write"), [("u.csv", as_csv), ("u.jsonl", as_lines)])
def test_late_rows_of_tables(reading, name, write, count) -> None:
    """In few rows, which are read one by one, and in many, which are read by columns."""
    fixture = f"account: a\nusage: [{{file: {name}, meter: m}}]\n"
    usage, diagnostics = reading(fixture, files={name: write(rows(count))})
    assert not diagnostics
    late = Instant.from_utc(2026, 2, 3)
    assert [r.reported for r in usage.records] == [late if n % 3 == 0 else None for n in range(count)]


@pytest.mark.parametrize(("name", "write"), [("u.csv", as_csv), ("u.jsonl", as_lines)])
def test_a_row_reported_before_it_happened_is_named(reading, name, write) -> None:
    fixture = f"account: a\nusage: [{{file: {name}, meter: m}}]\n"
    usage, diagnostics = reading(fixture, files={name: write(rows(30, wrong=21))})
    assert usage is None
    assert [(d.code, d.span.line) for d in diagnostics] == [("U155", 23 if name == "u.csv" else 22)]


def test_one_record_that_says_two_times_when_it_was_reported(reading) -> None:
    record = "{{meter: m, id: e1, at: 2026-02-01T10:00:00Z, reported: 2026-02-0{}}}"
    once = f"account: a\nusage:\n  - {record.format(3)}\n  - {record.format(3)}\n"
    assert len(reading(once)[0].records) == 1
    usage, diagnostics = reading(once[::-1].replace("}3", "}4", 1)[::-1])
    assert usage is None
    assert [d.code for d in diagnostics] == ["U152"]


def test_the_schema_names_them() -> None:
    schema = json_schema()
    assert schema["properties"]["version"]["pattern"] == "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    parts = schema["$defs"]
    for model in ("GrantModel", "BalanceModel", "PurchaseModel"):
        assert parts[model]["properties"]["with"]["type"] == "object"
        assert "with" not in parts[model].get("required", [])
    assert "paid" in parts["PurchaseModel"]["properties"]
    assert "reported" in parts["RecordModel"]["properties"]
