"""Records sent twice count once; records of one identity that differ are an error."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratewright.usage import read
from tests.tries import tries

AT = "at: 2026-01-01T08:00+08:00"
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
    ("other", "here", "there"),
    [
        (SAME.replace("1.50", "1.51"), "`quantity: 1.51 GB`", "`quantity: 1.5 GB`"),
        (SAME.replace("GB", "MB"), "`quantity: 1.5 MB`", "`quantity: 1.5 GB`"),
        (SAME.replace("quantity: 1.50", "measured: 1.50"), "`measured: 1.5 GB`", "no `measured`"),
        (SAME.replace("meter: m", "meter: n"), "`meter: n`", "`meter: m`"),
        (SAME.replace("eu", "us"), "`region: us`", "`region: eu`"),
        (SAME.replace(", region: eu", ""), "no `region`", "`region: eu`"),
        (SAME.replace(AT, "in: 2026-01-01"), "`in: 2026-01-01`", "no `in`"),
        (
            SAME.replace(AT, "at: 2026-01-01"),
            "`at: 2026-01-01`",
            "`at: 2026-01-01T00:00:00Z`",
        ),
        (SAME.replace("region: eu", "region: eu, lasts: 4 s"), "`lasts: 4 s`", "no `lasts`"),
        (SAME.replace("eu", "eu, reported: 2026-02-01"), "`reported: 2026-02-01`", "no `reported`"),
    ],
)
def test_a_conflict_names_both_places_and_what_differs(reading, other, here, there):
    usage, diagnostics = reading(fixture(SAME, other))
    assert usage is None
    assert [(d.code, d.span.line, d.related[0][1].line) for d in diagnostics] == [("U152", 4, 3)]
    assert f"has {here} here, and {there} the other time" in diagnostics[0].message


def test_a_month_is_no_day(reading):
    month = "{id: e1, meter: m, in: 2026-01, quantity: 1}"
    _, diagnostics = reading(fixture(month, month.replace("01,", "01-01,")))
    assert "has `in: 2026-01-01` here, and `in: 2026-01` the other time" in diagnostics[0].message


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("3 minutes", "180 seconds", True),
        ("3 minutes", "181 seconds", False),
        ("90 seconds", "1.5 minutes", True),
        ("1 month", "30 days", False),
        ("1 GiB", "1,024 MiB", True),
        ("1 GB", "1,000 MB", False),  # only the rule file says what a GB is
        ("3 pics", "3", False),
    ],
)
@pytest.mark.parametrize("key", ["lasts", "quantity"])
def test_equal_amounts_are_the_same_content(reading, key, one, other, same):
    records = [f'{{id: e, meter: m, at: 2026-01-01, {key}: "{value}"}}' for value in (one, other)]
    if key == "lasts" and " " not in other:
        return
    usage, diagnostics = reading(fixture(*records))
    assert (usage is not None, [d.code for d in diagnostics]) == (same, [] if same else ["U152"])


def test_conflicts_of_one_key_are_told_once(reading):
    rows = [f"e{n},m,2026-01-01,{quantity},{n}" for quantity in (1, 2) for n in range(300)]
    table = "\n".join(["id,meter,at,quantity,region", *rows, "e7,m,2026-01-01,1,8", ""])
    _, diagnostics = reading(fixture("{file: u.csv}"), files={"u.csv": table})
    assert [(d.code, d.span.line, d.related[0][1].line) for d in diagnostics] == [("U152", 302, 2), ("U152", 602, 9)]
    assert "`quantity: 2` here, and `quantity: 1` the other time (here and in 299 more" in diagnostics[0].message


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


@tries(60)
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
