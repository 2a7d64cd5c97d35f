"""Records sent twice count once; records of one identity that differ are an error."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratewright.usage import read

SAME = "{id: e1, meter: m, at: 2026-01-01T08:00+08:00, quantity: 1.50 GB, region: eu}"


def fixture(*records: str) -> str:
    return "account: acme\nusage:\n" + "".join(f"  - {record}\n" for record in records)


@pytest.mark.parametrize(
    "again",
    [
        SAME,
        SAME.replace("2026-01-01T08:00+08:00", "2026-01-01T00:00:00Z"),
        SAME.replace("1.50 GB", "1.5 GB"),
        "{region: eu, quantity: 1.50 GB, at: 2026-01-01 08:00:00+08:00, meter: m, id: e1}",
        SAME.replace("id: e1", "id: e1, source: acme.yaml"),
    ],
)
def test_the_same_counts_once(reading, again):
    for records in ((SAME, again), (again, SAME)):
        usage, diagnostics = reading(fixture(*records))
        assert not diagnostics
        assert len(usage.records) == 1


@pytest.mark.parametrize(
    "other",
    [
        SAME.replace("1.50", "1.51"),
        SAME.replace("GB", "MB"),
        SAME.replace("meter: m", "meter: n"),
        SAME.replace("eu", "us"),
        SAME.replace(", region: eu", ""),
        SAME.replace("at: 2026-01-01T08:00+08:00", "in: 2026-01-01"),
        SAME.replace("at: 2026-01-01T08:00+08:00", "at: 2026-01-01"),
        SAME.replace("region: eu", "region: eu, lasts: 4 s"),
    ],
)
def test_a_conflict_names_both_places(reading, other):
    usage, diagnostics = reading(fixture(SAME, other))
    assert usage is None
    assert [(d.code, d.span.line, d.related[0][1].line) for d in diagnostics] == [("U152", 4, 3)]


def test_a_version_is_not_the_number_it_looks_like(reading):
    usage, diagnostics = reading(fixture(SAME.replace("eu", "1.10"), SAME.replace("eu", "1.1")))
    assert usage is None
    assert diagnostics[0].code == "U152"


def test_one_id_of_two_sources_is_two_records(reading):
    usage, _ = reading(fixture(SAME, SAME.replace("id: e1", "id: e1, source: gateway")))
    assert [record.source for record in usage.records] == ["acme.yaml", "gateway"]


def test_without_an_id_equal_records_are_many(reading):
    record = "{meter: m, at: 2026-01-01}"
    usage, _ = reading(f"account: acme\nusage: [{record}, {record},\n  {record}]\n")
    assert [(r.id, r.place.line) for r in usage.records] == [(None, 2), (None, 2), (None, 3)]


def test_across_files(reading):
    text = fixture("{file: a.csv}", "{file: b.jsonl}", "{id: e1, meter: m, at: 2026-01-01, quantity: 2}")
    row = {"id": "e1", "meter": "m", "at": "2026-01-01", "quantity": 2}
    files = {"a.csv": "id,meter,at,quantity\ne1,m,2026-01-01,2\n", "b.jsonl": json.dumps(row)}
    usage, diagnostics = reading(text, files=files)
    assert not diagnostics
    assert [Path(r.place.source.name).name for r in usage.records] == ["a.csv"]
    files["b.jsonl"] = json.dumps(row | {"quantity": 3})
    usage, diagnostics = reading(text, files=files)
    assert usage is None
    assert [d.code for d in diagnostics] == ["U152"]
    assert [Path(span.source.name).name for _, span in diagnostics[0].related] == ["a.csv"]


def test_an_id_is_no_other_records_line(reading):
    table = "id,meter,at\nu.csv:3,m,2026-01-01\n,m,2026-01-01\n"
    usage, diagnostics = reading(fixture("{file: u.csv}"), files={"u.csv": table})
    assert not diagnostics
    assert [r.id for r in usage.records] == ["u.csv:3", None]


ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["", "s"]), st.sampled_from(["1", "1.0", "2"])),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_order_means_nothing(rows, random):
    def outcome(rows: list[tuple[str, str, str]]) -> object:
        with TemporaryDirectory() as folder:
            lines = [f"{id},{source},m,2026-01-01,{quantity}" for id, source, quantity in rows]
            table = Path(folder, "u.csv")
            table.write_text("\n".join(["id,source,meter,at,quantity", *lines]))
            fixture = Path(folder, "a.yaml")
            fixture.write_text("account: a\nusage: [{file: u.csv}]\n")
            usage, _ = read(fixture)
            return usage and sorted((r.source, r.id, r.quantity) for r in usage.records)

    shuffled = list(rows)
    random.shuffle(shuffled)
    assert outcome(rows) == outcome(shuffled)
