"""What good fixtures mean, key by key."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from whenever import Date, Instant

from ratewright.diagnostics import Source
from ratewright.resolve.meters import RECORD_WORDS
from ratewright.usage import json_schema, read, read_all, source_from_bytes
from ratewright.usage.fixture_schema import RECORD_KEYS
from ratewright.usage.model import Amount, Form, field_text
from ratewright.usage.record_texts import KEYS
from tests.usage.whole_fixture import WHOLE, without_place


def test_every_key(reading):
    usage, diagnostics = reading(WHOLE)
    assert not diagnostics
    assert (usage.account, usage.opening) == ("acme", Date(2026, 2, 1))
    assert usage.activated == Instant.from_utc(2026, 1, 5, 1)
    assert usage.subaccounts == ("acme-eu", "acme-us")
    assert [(s.setting, s.value, s.at, s.place.line) for s in usage.settings] == [
        ("postpaid", "on", Date(2026, 1, 10), 7),
        ("postpaid", "off", Instant.from_utc(2026, 2, 1, 1), 7),
        ("flag", "on", None, 8),
        ("plan", "pro", None, 9),
        ("version", Amount(Fraction(11, 10)), None, 10),
        ("calorific_value", Amount(Fraction(393, 10), "MJ/m3"), None, 11),
        ("seats", Amount(1000), None, 12),
    ]
    assert field_text(usage.settings[4].value) == "1.10"
    assert [(g.grant, g.size) for g in usage.grants] == [("own", Amount(200, "pics"))]
    free, pack = usage.balances
    assert (free.source, free.remaining, free.expires, free.lot) == (
        "free_quota",
        Amount(50),
        Date(2027, 1, 5),
        None,
    )
    assert (pack.source, pack.lot, pack.paid, pack.size) == (
        "pack",
        "b1",
        Amount(Fraction(15, 2), "USD"),
        Amount(10, "pics"),
    )
    (p1,) = usage.purchases
    assert (p1.id, p1.package, p1.size, p1.count) == ("p1", "resource_package", Amount(10000), 3)
    assert (p1.place.line, p1.place.path) == (20, "purchases[0]")
    (c1,) = usage.extensions
    assert (c1.amount, c1.term, c1.terms, c1.start) == (Amount(2), "month", 1, Date(2026, 3, 1))
    assert usage.refunds[0].at == Instant.from_utc(2026, 2, 3, 2)
    assert usage.pauses[0].purchase == "b1"
    assert [(r.form, r.start, r.end, r.quantity, r.measured) for r in usage.records] == [
        (Form.TOTAL, Date(2026, 3, 1), Date(2026, 4, 1), Amount(10000), False),
        (Form.EVENT, Instant.parse_iso("2026-03-02T10:00:00.5Z"), None, Amount(1), False),
        (Form.STATE, Date(2026, 4, 1), Date(2026, 4, 16), Amount(Fraction(931, 100), "GB"), False),
        (Form.TOTAL, Date(2026, 3, 31), Date(2026, 4, 1), Amount(120, "Mbps"), True),
    ]
    event = usage.records[1]
    assert dict(event.fields) == {"status": "failed", "memory": Amount(512, "MB")}
    assert (event.subaccount, event.lasts, event.place.line) == ("acme-eu", Amount(90, "seconds"), 28)
    assert [(e.start, e.end, e.subject, e.value) for e in usage.expectations] == [
        (Date(2026, 3, 1), Date(2026, 4, 1), "total", "796.00 USD"),
        (Date(2026, 3, 1), Date(2026, 4, 1), "drawn(p1)", "3 pics"),
        (Date(2026, 3, 2), Date(2026, 3, 3), "fee", "1"),
        (Date(2026, 2, 1), Date(2027, 2, 1), "total", "1650 USD"),
        (None, None, "total", "0"),
    ]


def test_json_means_the_same(reading):
    data = yaml.load(WHOLE, Loader=yaml.BaseLoader)
    as_yaml, _ = reading(WHOLE)
    as_json, diagnostics = reading(json.dumps(data, indent=1), "acme.json")
    assert not diagnostics
    for part in (
        "settings",
        "grants",
        "balances",
        "purchases",
        "extensions",
        "refunds",
        "pauses",
        "expectations",
    ):
        for one, other in zip(getattr(as_yaml, part), getattr(as_json, part), strict=True):
            assert without_place(one) == without_place(other)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("0.1", Fraction(1, 10), None),
        ("0", 0, None),
        ("1.0", 1, None),
        ("10,000", 10_000, None),
        ("1,234,567.890", Fraction(123456789, 100), None),
        ("9.31 GB", Fraction(931, 100), "GB"),
        ("39.3 MJ/m3", Fraction(393, 10), "MJ/m3"),
        ("5   张", 5, "张"),
        ("9" * 38, 10**38 - 1, None),
        ("9" * 20 + "." + "9" * 18, Fraction(10**38 - 1, 10**18), None),
    ],
)
@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_amounts_are_exact(reading, name, text, number, unit):
    for quoted in (json.dumps(text), text):
        if name == "a.json" and quoted == text and not text.replace(".", "").isdigit():
            continue
        if name == "a.yaml" and quoted == text and "," in text:
            continue
        usage, diagnostics = reading(f'{{"account": "a", "grants": [{{"grant": "g", "size": {quoted}}}]}}', name)
        assert not diagnostics
        assert usage.grants[0].size == Amount(number, unit)
        assert not isinstance(usage.grants[0].size.number, float)


@pytest.mark.parametrize(
    "text",
    ["on", "off", "yes", "true", "True", "2K", "720p", "--5", "-1e5", "1e5", "007", "10GB", "1_000", "0x10", "NaN"],
)
def test_a_field_that_is_no_amount_stays_text(reading, text):
    usage, _ = reading(f"account: a\nusage: [{{meter: m, at: 2026-01-01, field: {text}}}]\n")
    assert usage.records[0].fields["field"] == text


@pytest.mark.parametrize(("text", "amount"), [("-5", (-5, None)), ("-0", (0, None)), ("-1,000.50 USD", (-2001, "USD"))])
def test_a_field_below_0_is_an_amount_and_can_be_had_back_as_text(reading, text, amount):
    usage, _ = reading(f'account: a\nusage: [{{meter: m, at: 2026-01-01, field: "{text}"}}]\n')
    found = usage.records[0].fields["field"]
    number, unit = amount
    assert found == Amount(Fraction(number, 2) if unit else number, unit)
    assert field_text(found) == text


@pytest.mark.parametrize("text", ["1.10", "1,000 MB", "5  GB", "404", "0.5 h"])
def test_the_text_of_a_field_can_be_had_back(reading, text):
    usage, _ = reading(f'account: a\nusage: [{{meter: m, at: 2026-01-01, field: "{text}"}}]\n')
    value = usage.records[0].fields["field"]
    assert isinstance(value, Amount)
    assert field_text(value) == text


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-02-01T09:00:00+08:00", "2026-02-01T01:00:00Z"),
        ("2026-02-01 09:00+08:00", "2026-02-01T01:00:00Z"),
        ("2026-02-01T09:00Z", "2026-02-01T09:00:00Z"),
        ("2026-02-01T09:00:00.000000001Z", "2026-02-01T09:00:00.000000001Z"),
        ("2026-02-01T09:00:00-12:00", "2026-02-01T21:00:00Z"),
        ("2026-02-01T09:00:00+14:00", "2026-01-31T19:00:00Z"),
        ("1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z"),
        ("2200-12-31T23:59:59Z", "2200-12-31T23:59:59Z"),
    ],
)
def test_instants(reading, text, instant):
    usage, _ = reading(f"account: a\nactivated: {text}\n")
    assert usage.activated == Instant.parse_iso(instant)


def test_accounts_in_one_file():
    usages, diagnostics = read_all(
        Source("-", "account: a\n---\naccount: b\nusage: [{meter: m, at: 2026-01-01}]\n---\n")
    )
    assert not diagnostics
    assert [u.account for u in usages] == ["a", "b"]
    assert usages[1].records[0].place.span.place == "-:4"


def test_text_from_elsewhere():
    assert read(Source("-", '{"account": "a"}'))[0].account == "a"
    assert read(Source("-", '{"account": "a",}'))[1][0].code == "U105"
    assert read(Source("-", "{account: a}"))[0].account == "a"
    source, _ = source_from_bytes("-", b"\xef\xbb\xbfaccount: a\r\n")
    assert read(source)[0].account == "a"
    assert source_from_bytes("-", b"\xff")[1][0].code == "U103"


def test_paths_may_be_text(tmp_path):
    (tmp_path / "a.yml").write_text("account: a\n")
    assert read(str(tmp_path / "a.yml"))[0].account == "a"


def test_a_date_without_a_timezone_stays_a_date(reading):
    assert reading("account: a\nopening: 2026-03-01\ntimezone: Asia/Tokyo\n")[0].opening == Date(2026, 3, 1)


def test_the_models_define_the_keys_of_records():
    assert RECORD_KEYS == KEYS


def test_the_page_has_one_table_of_the_keys_of_records():
    section = (Path(__file__).parents[2] / "docs/usage.md").read_text().split("\n### usage\n")[1].split("\n### ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = [key for row in rows for key in re.findall("`([a-z]+)`", row)]
    assert sorted(named) == sorted(KEYS)
    for word in set(RECORD_WORDS) - set(KEYS):
        assert f"`{word}`" in section


def test_schema_describes_every_key():
    schema = json_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["required"] == ["account"]
    for part in (schema, *schema["$defs"].values()):
        assert part["description"]
        for name, key in part["properties"].items():
            assert key["description"], name
            assert "null" not in json.dumps(key)
    record = schema["$defs"]["RecordModel"]
    assert set(record["properties"]) == set(KEYS)
    assert {"type": "number", "minimum": 0} in record["properties"]["measured"]["anyOf"]
    assert {"type": "number"} in record["properties"]["quantity"]["anyOf"]
    assert schema["additionalProperties"] is False


def test_reading_waits_for_the_models_only_when_it_reads():
    code = "import sys, ratewright.usage; sys.exit('pydantic_core' in sys.modules or 'yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_reading_needs_the_core_of_pydantic_alone():
    """Its models, of which a fixture needs none, take a fifth of the start of a command."""
    code = "import sys, ratewright.usage.fixture_reader; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_total_of_a_year_is_that_of_its_two_ends() -> None:
    text = "account: acme\nusage: [{meter: m, in: 2014, quantity: 1}]\n"
    usage, problems = read(Source("acme.yaml", text))
    assert usage is not None, problems
    (record,) = usage.records

    assert (record.form, record.start, record.end) == (Form.TOTAL, Date(2014, 1, 1), Date(2015, 1, 1))
