"""The records of a fixture are read as they stream by: what stands below them still counts, and places are exact."""

from __future__ import annotations

import json
import pickle
import tracemalloc
from pathlib import Path
from unittest.mock import patch

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from ratewright import api
from ratewright.diagnostics import Source
from ratewright.usage import read, read_all
from ratewright.usage.document_tree import Entries
from ratewright.usage.entry_rows import BATCH
from ratewright.usage.model import field_text
from tests.tries import tries

RULES = Path(__file__).parents[2] / "rules"

KEYS = st.sampled_from(["meter", "at", "quantity", "region", "id", "subaccount", "in", " x ", "<<", "null", "000 GB"])
VALUES = st.one_of(
    st.sampled_from(
        ["m", "2026-01-01", "2026-03-02T10:00:00", "eu", "-1", "1.10", " 4 ", "a\u202eb", "é会", "\\n", ""]
    ),
    st.sampled_from([None, True, False, [], ["a"], {}, {"a": "b"}]),
    st.integers(-2, 10**6),
)
RECORDS = st.lists(st.one_of(st.dictionaries(KEYS, VALUES, max_size=6), VALUES), max_size=14)
PLAIN = st.lists(
    st.builds(
        lambda more: {"meter": "m", "at": "2026-03-02 10:00"} | more,
        st.dictionaries(st.sampled_from(["quantity", "region"]), st.sampled_from(["1", "2 GB", "x"]), max_size=2),
    ),
    max_size=30,
)


def found_in(text: str, name: str) -> object:
    usages, diagnostics = read_all(Source(name, text))
    told = [(d.code, d.message, d.help, d.place, d.span and d.span.text) for d in diagnostics]
    return [(u.records, u.history) for u in usages], told


@pytest.mark.parametrize("name", ["a.json", "flow.yaml", "block.yaml"])
@tries(60)
@given(st.one_of(RECORDS, PLAIN), st.booleans())
def test_a_record_taken_at_once_means_what_its_tree_means(name, records, zone):
    data = {"account": "a", "usage": records, "history": records[:2], "opening": "2026-01-01", "subaccounts": ["eu"]}
    if zone:
        data["timezone"] = "Asia/Tokyo"
    if name == "a.json":
        text = json.dumps(data, ensure_ascii=False, indent=1)
    else:
        text = yaml.safe_dump(data, default_flow_style=name == "flow.yaml", allow_unicode=True, sort_keys=False)
    quick = found_in(text, name)
    with patch.object(Entries, "keys", lambda *_: None):
        assert found_in(text, name) == quick


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_what_stands_below_the_records_counts_for_them(name):
    record = '{"meter": "m", "at": "2026-03-02 10:00", "subaccount": "eu"}'
    text = f'{{"usage": [{record}], "timezone": "Asia/Tokyo", "subaccounts": ["eu"], "account": "a"}}'
    usage, diagnostics = read(Source(name, text))
    assert not diagnostics
    assert usage.records[0].start == Instant.from_utc(2026, 3, 2, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "account: a\nusage:\n  - {meter: m, at: 2026-01-01, measured: -5}\n"),
        ("a.yaml", "account: a\nusage:\n  - meter: m\n    at: 2026-01-01\n\n    measured: -5   # less\n  # end\n"),
        ("a.yaml", "account: a\nusage:\n- meter: m\n  at: 2026-01-01\n  measured: -5\n- meter: m\n  at: 2026-01-01\n"),
        ("a.yaml", "account: a\nusage: [{meter: m,\n    at: 2026-01-01,\n measured:\n  -5\n }]\n"),
        ("a.yaml", 'account: a\nusage:\n  - ? meter\n    : m\n    "at": "2026-01-01"\n    measured: -5\n'),
        ("a.json", '{"account": "a", "usage": [{"meter": "m",\n"at": "2026-01-01", "measured": -5}]}'),
        ("a.json", '{"account": "a", "usage": [{"meter": "m",\n"at": "2026\\u002d01-01", "measured": -5}]}'),
    ],
)
def test_a_message_points_at_the_value(name, text):
    _, diagnostics = read(Source(name, text))
    assert [(d.code, d.span.text, d.span.start) for d in diagnostics] == [("U131", "-5", text.index("-5"))]


def test_the_line_of_each_of_many_records():
    lines = [f"  - {{meter: m, at: 2026-01-01, quantity: {n}}}\n" + "\n" * (n % 3) for n in range(2 * BATCH + 5)]
    text = "account: a\nusage:\n" + "".join(lines)
    usage, diagnostics = read(Source("a.yaml", text))
    assert not diagnostics
    assert [r.place.span.text for r in usage.records] == [line.split("\n")[0] for line in lines]


@pytest.mark.parametrize("name", ["a.yaml", "a.json"])
def test_records_are_kept_in_little_memory(name):
    """No tree of them is made: at its peak, reading holds less than 450 bytes a record beside the text."""
    record = '{{"meter": "m", "at": "2026-01-01T10:{:02d}:{:02d}Z", "quantity": 4, "status": "ok"}}'
    records = ",\n".join(record.format(n // 60 % 60, n % 60) for n in range(20_000))
    source = Source(name, f'{{"account": "a", "usage": [\n{records}]}}')
    tracemalloc.start()
    try:
        usage, _ = read(source)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert usage is not None and len(usage.records) == 20_000
    assert peak - 2 * len(source.text) < 20_000 * 450


def test_the_text_of_a_large_fixture_is_fetched_again_where_it_is_quoted(reading):
    lines = [f"  - {{meter: m, at: 2026-01-01, quantity: {n}}}" for n in range(30_000)]
    usage, diagnostics = reading(("account: a\r\nusage:\r\n" + "\r\n".join(lines) + "\r\n").encode())
    assert not diagnostics
    source = usage.records[0].place.source
    assert source is usage.source
    assert "text" not in vars(source)
    assert [r.place.span.text for r in usage.records] == lines
    small, _ = reading("account: a\n")
    assert "text" in vars(small.source)


@pytest.mark.parametrize("name", ["acme.yaml", "year.yaml"])
def test_a_copy_for_another_process_is_billed_equally(name):
    tariff = api.load(RULES / "tencent_hy_image.tariff")
    usage = api.read_usage(RULES / "fixtures" / name)
    copy = pickle.loads(pickle.dumps(usage))
    assert copy == usage
    assert tariff.statement(copy).to_json() == tariff.statement(usage).to_json()


def test_a_copy_keeps_what_was_written_and_where(reading):
    text = "account: a\nusage: [{file: u.csv}, {meter: m, at: 2026-01-01, size: 1.10}]\nhistory: []\n"
    usage, diagnostics = reading(text, files={"u.csv": 'meter,at,size\nm,2026-01-01,"1,000 MB"\nm,2026-01-02,\n'})
    assert not diagnostics
    copy = pickle.loads(pickle.dumps(usage))
    assert copy == usage
    assert [field_text(r.fields["size"]) for r in copy.records if r.fields] == ["1,000 MB", "1.10"]
    assert [r.place.span.text for r in copy.records] == [r.place.span.text for r in usage.records]
