"""Usage at random: the formats mean the same, and refuse in the same words."""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ratewright.diagnostics import Source, draw, errors_in
from ratewright.usage import read, read_all, record_columns
from ratewright.usage.model import field_text
from tests.tries import tries
from tests.usage.whole_fixture import WHOLE, without_place

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


@tries(100)
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
@tries(150)
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
    content = without_place(record)
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


@tries(60)
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


@tries(150)
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
