"""What good fixtures mean, and that the four formats mean the same."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from whenever import Date, Instant

from ratewright.diagnostics import Source, draw, errors_in
from ratewright.resolve.meters import RECORD_WORDS
from ratewright.usage import json_schema, read, read_all, record_columns, source_from_bytes
from ratewright.usage.fixture_schema import RECORD_KEYS
from ratewright.usage.model import Amount, Form, field_text
from ratewright.usage.record_texts import KEYS

WHOLE = """\
account: acme
activated: 2026-01-05T09:00:00+08:00
opening: 2026-02-01
timezone: Asia/Shanghai
subaccounts: [acme-eu, acme-us]
settings:
  postpaid: {2026-01-10: on, 2026-02-01 09:00: off}
  flag: true
  plan: pro
  version: 1.10
  calorific_value: 39.3 MJ/m3
  seats: 1,000
grants:
  - {grant: own, size: 200 pics}
balances:
  - {grant: free_quota, remaining: 50, expires: 2027-01-05}
  - {package: pack, remaining: 5 pics, lot: b1, starts: 2025-01-01, size: 10 pics,
     purchased: 2025-01-01, paid: 7.50 USD}
purchases:
  - {id: p1, package: resource_package, size: 10000, count: 3, at: 2026-02-01T09:00:00+08:00}
  - {id: c1, limit: concurrency, extend: 2, term: month, from: 2026-03-01}
refunds:
  - {purchase: p1, at: 2026-02-03 10:00}
pauses:
  - {purchase: b1, at: 2026-02-03}
usage:
  - {meter: images, in: 2026-03, quantity: 10000}
  - {meter: images, at: 2026-03-02T10:00:00.5Z, status: failed, subaccount: acme-eu, memory: 512 MB,
     lasts: 90 seconds}
  - {meter: storage, from: 2026-04-01, to: 2026-04-16, quantity: 9.31 GB}
  - {meter: p95, in: 2026-03-31, measured: 120 Mbps, id: x, source: probe}
expect:
  - {period: 2026-03, total: 796.00 USD, drawn(p1): 3 pics}
  - {period: 2026-03-02, fee: 1}
  - {from: 2026-02, to: 2027-01, total: 1650 USD}
  - {total: 0}
"""


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
            assert _without_place(one) == _without_place(other)


def _without_place(thing: object) -> dict[str, object]:
    return {name: getattr(thing, name) for name in thing.__slots__ if name != "place"}


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


NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=6).filter(
    lambda name: name.lower() not in ("true", "false")  # they are refused as names
)
NUMBERS = st.one_of(
    st.integers(0, 10**20).map(str),
    st.integers(1000, 10**9).map(lambda n: f"{n:,}"),
    st.decimals(0, 10**6, places=3, allow_nan=False).map(lambda d: f"{d:f}"),
)
AMOUNTS = st.one_of(NUMBERS, st.tuples(NUMBERS, st.sampled_from(["GB", "pics", "MJ/m3"])).map(" ".join))
INSTANTS = st.datetimes(min_value=datetime.datetime(1950, 1, 1), max_value=datetime.datetime(2150, 1, 1)).map(
    lambda d: f"{d.isoformat()}+05:30"
)
DATES = st.dates(datetime.date(1950, 1, 1), datetime.date(2150, 1, 1)).map(str)
TIMES = st.one_of(
    st.fixed_dictionaries({"at": st.one_of(DATES, INSTANTS)}),
    st.fixed_dictionaries({"in": st.one_of(DATES, DATES.map(lambda d: d[:7]), DATES.map(lambda d: d[:4]))}),
    st.tuples(DATES, DATES).filter(lambda p: p[0] < p[1]).map(lambda p: {"from": p[0], "to": p[1]}),
)
RECORDS = st.builds(
    lambda base, time, more, fields: fields | base | time | more,
    st.fixed_dictionaries({"meter": NAMES}),
    TIMES,
    st.one_of(
        st.fixed_dictionaries({"quantity": AMOUNTS}, optional={"subaccount": st.just("eu"), "lasts": st.just("4 s")}),
        st.fixed_dictionaries({"measured": AMOUNTS}, optional={"source": NAMES}),
    ),
    st.dictionaries(
        st.sampled_from(["region", "size", "会"]),
        st.one_of(NAMES, AMOUNTS, st.sampled_from(["-1", "010", "on"])),
        max_size=3,
    ),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=6))
def test_the_formats_mean_the_same(records):
    records = [record | {"id": f"e{number}"} for number, record in enumerate(records)]
    head = {"account": "acme", "subaccounts": ["eu"]}
    columns = list(dict.fromkeys(key for record in records for key in record))
    table = io.StringIO()
    writer = csv.DictWriter(table, columns)
    writer.writeheader()
    writer.writerows(records)
    with TemporaryDirectory() as folder:
        files = {
            "a.yaml": yaml.safe_dump({**head, "usage": records}, allow_unicode=True),
            "b.json": json.dumps({**head, "usage": records}),
            "c.yaml": json.dumps({**head, "usage": [{"file": "c.csv"}]}),
            "c.csv": table.getvalue(),
            "d.yaml": json.dumps({**head, "usage": [{"file": "d.jsonl"}]}),
            "d.jsonl": "\n".join(json.dumps(record) for record in records),
        }
        for name, text in files.items():
            Path(folder, name).write_text(text, "utf-8")
        results = []
        for name in ("a.yaml", "b.json", "c.yaml", "d.yaml"):
            usage, diagnostics = read(Path(folder, name))
            assert not diagnostics
            results.append([_content(record, name) for record in usage.records])
    assert results[0] == results[1] == results[2] == results[3]


EVENTS = st.lists(
    st.builds(
        lambda base, more: base | more,
        st.fixed_dictionaries(
            {
                "meter": st.sampled_from(["m", "n", " m "]),
                "at": st.one_of(INSTANTS, st.just("2026-01-01")),
                "region": st.sampled_from(["eu", "1.10", "5 GB", "a\u202eb"] + ["us"] * 9),
            }
        ),
        st.fixed_dictionaries(
            {},
            optional={
                "quantity": st.one_of(AMOUNTS, AMOUNTS, AMOUNTS, st.sampled_from(["-1", "x", ""])),
                "id": st.sampled_from(["a", "b", "c\u200b", "d", "e", "f"]),
                "source": st.sampled_from(["s", "t"]),
                "subaccount": st.sampled_from(["eu", "eu", "eu", "eo"]),
                "lasts": st.sampled_from(["4 s", "4"]),
            },
        ),
    ),
    max_size=12,
)


@pytest.mark.parametrize("name", ["u.csv", "u.jsonl"])
@settings(max_examples=150, deadline=None)
@given(EVENTS, st.booleans())
def test_batches_mean_what_rows_mean(name, records, alike):
    if alike and records:
        records = [record for record in records if record.keys() == records[0].keys()]
    columns = list(dict.fromkeys(key for record in records for key in record)) or ["meter", "at"]
    table = io.StringIO()
    writer = csv.DictWriter(table, columns)
    writer.writeheader()
    writer.writerows(records)
    lines = "".join(json.dumps({key: record[key] for key in sorted(record)}) + "\n" for record in records)
    with TemporaryDirectory() as folder:
        Path(folder, name).write_text(table.getvalue() if name == "u.csv" else lines, "utf-8")
        Path(folder, "a.yaml").write_text(f"account: a\nsubaccounts: [eu]\nusage: [{{file: {name}}}]\n")
        results = []
        for few in (1, 10**9):
            with patch.object(record_columns, "_FEW", few):
                usage, diagnostics = read(Path(folder, "a.yaml"))
            results.append((usage and usage.records, [(d.code, d.message, d.place) for d in diagnostics]))
    assert results[0] == results[1]


def _content(record: object, name: str) -> dict[str, object]:
    content = _without_place(record)
    content["fields"] = {field: (value, field_text(value)) for field, value in record.fields.items()}
    if record.source == name:
        content["source"] = None
    return content


BROKEN = st.sampled_from(
    [
        ("quantity", "-1"),
        ("quantity", "1e3"),
        ("at", "2026-02-30"),
        ("at", ""),
        ("meter", ""),
        ("subaccount", "x"),
        ("lasts", "4"),
        ("in", "2026-01"),
        ("to", "2026-01-01"),
        ("measured", "3"),
        ("region", "a\u202eb"),
        ("id", "a\u200bb"),
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(BROKEN, min_size=1, max_size=4))
def test_the_formats_refuse_in_the_same_words(changes):
    record = {"meter": "m", "at": "2026-01-01", "quantity": "5 GB"} | dict(changes)
    record = {key: value for key, value in record.items() if value}
    with TemporaryDirectory() as folder:
        Path(folder, "u.csv").write_text(",".join(record) + "\n" + ",".join(record.values()) + "\n")
        Path(folder, "u.jsonl").write_text(json.dumps(record))
        said = []
        for usage in ([record], [{"file": "u.csv", "meter": "m"}], [{"file": "u.jsonl"}]):
            Path(folder, "a.json").write_text(json.dumps({"account": "a", "usage": usage}))
            found = read(Path(folder, "a.json"))[1]
            said.append(sorted((d.code, d.message, d.help) for d in found))
    if "meter" in record and "at" in record:
        assert said[0] == said[1]
    assert said[0] == said[2]


ODD = [
    "{",
    "[",
    "]",
    ":",
    " - ",
    "\n",
    "\t",
    '"',
    "'",
    "#",
    "null",
    "-1",
    "&a ",
    "*a",
    "!x ",
    "\\ud800",
    "\0",
    "\u2028",
    "? ",
    "| \n",
    "{}",
    "%TAG ! x\n",
]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_nothing_raises(data):
    """Whatever is cut, doubled or put into a fixture: an account, or diagnostics that can be drawn."""
    text = WHOLE if data.draw(st.booleans()) else json.dumps(yaml.load(WHOLE, Loader=yaml.BaseLoader))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        odd = st.sampled_from(ODD)
        text = text[:start] + data.draw(st.one_of(odd, st.text(max_size=5), st.just(text[start:end] * 2))) + text[end:]
    usages, diagnostics = read_all(Source("-", text))
    assert bool(usages) != bool(errors_in(diagnostics))
    for diagnostic in diagnostics:
        assert draw(diagnostic).encode()


def test_a_total_of_a_year_is_that_of_its_two_ends() -> None:
    text = "account: acme\nusage: [{meter: m, in: 2014, quantity: 1}]\n"
    usage, problems = read(Source("acme.yaml", text))
    assert usage is not None, problems
    (record,) = usage.records

    assert (record.form, record.start, record.end) == (Form.TOTAL, Date(2014, 1, 1), Date(2015, 1, 1))
