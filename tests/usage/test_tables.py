"""Files of records: what is read, what is refused with its line, and where a fixture may reach."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from ratewright.diagnostics import Source
from ratewright.limits import DEFAULT
from ratewright.usage import read
from ratewright.usage.model import Amount

ONE = "account: acme\nusage:\n  - {file: u.csv}\n"
LINES = ONE.replace("csv", "jsonl")


@pytest.mark.parametrize(
    ("code", "line", "words", "table"),
    [
        ("U172", 1, "empty", ""),
        ("U173", 1, "no column `meter`", "at,quantity\n2026-01-01,1\n"),
        ("U173", 1, "no column `at`, `in` or `from`", "meter,quantity\nm,1\n"),
        ("U174", 1, "`at` is there twice", "meter,at,at\nm,2026-01-01,2026-01-01\n"),
        ("U123", 1, "column 3 has no name", "meter,at,\nm,2026-01-01,x\n"),
        ("U111", 1, "U+202E", "meter,at,a\u202eb\n"),
        ("U175", 2, "3 cells, the header 2 columns", "meter,at\nm,2026-01-01,x\n"),
        ("U175", 3, "1 cell, the header 2 columns", "meter,at\nm,2026-01-01\nm\n"),
        ("U178", 2, "not well-formed CSV", 'meter,at\n"m"x,2026-01-01\n'),
        ("U178", 3, "not well-formed CSV", 'meter,at\nm,2026-01-01\n"m,2026-01-01\n'),
        ("U131", 3, "`-4` is negative", "meter,at,measured\nm,2026-01-01,1\nm,2026-01-01,-4\n"),
        ("U141", 2, "`2026-02-30` does not exist", "meter,at\nm,2026-02-30\n"),
        ("U121", 2, "needs `meter`", "meter,at\n,2026-01-01\n"),
        ("U150", 2, "does not say when", "meter,at\nm,\n"),
        ("U111", 2, "U+000A", 'meter,at,x\nm,2026-01-01,"a\nb"\n'),
        ("U111", 4, "U+202E", "meter,at,x\n\n\nm,2026-01-01,a\u202eb\n"),
        ("U120", 2, "`file` stands beside", "meter,at,file\nm,2026-01-01,b.csv\n"),
        ("U103", 3, "line 3 is not UTF-8", b"meter,at,x\nm,2026-01-01,a\nm,2026-01-01,\xff\n"),
        ("U103", 2, "line 2 is not UTF-8", b"meter,at,x\nm,2026-01-01,\xe4\xbc"),
    ],
)
def test_csv_refused(reading, code, line, words, table):
    usage, diagnostics = reading(ONE, files={"u.csv": table})
    assert usage is None
    assert [d.code for d in diagnostics] == [code], diagnostics
    assert words in diagnostics[0].message
    assert (Path(diagnostics[0].span.source.name).name, diagnostics[0].span.line) == ("u.csv", line)
    assert diagnostics[0].help


@pytest.mark.parametrize(
    ("code", "words", "line"),
    [
        ("U105", "not well-formed JSON", "{"),
        ("U105", "not well-formed JSON", '{"meter": "m", "at": "2026-01-01"} x'),
        ("U105", "not well-formed JSON", '{"meter": "m", "at": "2026-01-01", "x": 010}'),
        ("U106", "nested too deeply", '{"meter": ' + "[" * 100_000),
        ("U110", "`at` is written twice", '{"meter": "m", "at": "2026-01-01", "at": "2026-01-02"}'),
        ("U122", "`x` holds a list", '{"meter": "m", "at": "2026-01-01", "x": [1]}'),
        ("U122", "`x` holds a mapping", '{"meter": "m", "at": "2026-01-01", "x": {}}'),
        ("U123", "`x` has no value", '{"meter": "m", "at": "2026-01-01", "x": null}'),
        ("U120", "spaces around", '{"meter": "m", "at": "2026-01-01", " x": 1}'),
        ("U120", "is empty", '{"meter": "m", "at": "2026-01-01", "": 1}'),
        ("U132", "exponent", '{"meter": "m", "at": "2026-01-01", "quantity": 1e2}'),
        ("U131", "negative", '{"meter": "m", "at": "2026-01-01", "measured": -1}'),
        ("U133", "`NaN`", '{"meter": "m", "at": "2026-01-01", "quantity": NaN}'),
        ("U177", "no JSON object", "[1]"),
        ("U177", "no JSON object", '"m"'),
    ],
)
def test_json_line_refused(reading, code, words, line):
    usage, diagnostics = reading(LINES, files={"u.jsonl": f'{{"meter": "m", "at": "2026-01-01"}}\n\n{line}\n'})
    assert usage is None
    assert [d.code for d in diagnostics] == [code], diagnostics
    assert words in diagnostics[0].message
    assert diagnostics[0].span.line == 3


@pytest.mark.parametrize("name", ["u.csv", "u.jsonl"])
@pytest.mark.parametrize("wrong", [0, 1, 1999, 2000, 2001, 4999])
def test_one_wrong_row_among_many(reading, name, wrong):
    """Rows are read in batches; where a batch ends must not show."""
    times = ["2026-01-01T00:00:00Z"] * 5000
    times[wrong] = "2026-02-30T00:00:00Z"
    if name == "u.csv":
        table, line = "meter,at\n" + "".join(f"m,{time}\n" for time in times), wrong + 2
    else:
        table, line = "".join(json.dumps({"meter": "m", "at": time}) + "\n" for time in times), wrong + 1
    usage, diagnostics = reading(ONE.replace("u.csv", name), files={name: table})
    assert usage is None
    assert [(d.code, d.span.line) for d in diagnostics] == [("U141", line)]
    right = table.replace("2026-02-30", "2026-02-28")
    usage, diagnostics = reading(ONE.replace("u.csv", name), files={name: right})
    assert not diagnostics
    first = line - wrong
    assert [r.place.line for r in usage.records] == list(range(first, first + 5000))
    assert usage.records[wrong].place.line == line


def test_lines_are_counted_through_cells_and_blank_lines(reading):
    rows = ['"m\n",2026-01-01', "", '"\r\nm",2026-01-01', "m,2026-01-01", "m,x"]
    _, diagnostics = reading(ONE, files={"u.csv": "meter,at\n" + "\n".join(rows) + "\n"})
    assert [(d.code, d.span.line) for d in diagnostics] == [("U140", 8)]


@pytest.mark.parametrize("start", [0, 100, 65_530, 70_000])
def test_broken_bytes_are_found_wherever_a_block_ends(reading, start):
    rows = b"meter,at\n" + b"m,2026-01-01\n" * (start // 13)
    wrong = rows + "m会".encode() + b"\xe4\xbc,2026-01-01\nm,2026-01-01\n"
    _, diagnostics = reading(ONE, files={"u.csv": wrong})
    assert [(d.code, d.span.line) for d in diagnostics] == [("U103", rows.count(b"\n") + 1)]


def test_every_wrong_row_is_named(reading):
    _, diagnostics = reading(ONE, files={"u.csv": "meter,at,quantity\nm,x,1\nm,2026-01-01,1\nm,y,z\n"})
    assert [(d.code, d.span.line) for d in diagnostics] == [("U140", 2), ("U130", 4), ("U140", 4)]


def test_reading_stops_after_many_errors(reading):
    table = "meter,at\n" + "".join(f"m,day {number}\n" for number in range(1000))
    _, diagnostics = reading(ONE, files={"u.csv": table})
    assert [d.code for d in diagnostics[:-1]] == ["U140"] * DEFAULT.diagnostics
    assert diagnostics[-1].code == "U180"


@pytest.mark.parametrize(
    ("code", "rows", "first", "words"),
    [
        ("U175", ["m"] * 744, 2, "1 cell, the header 4 columns (here and in 743 more records)"),
        ("U140", ["m,yesterday,,"] * 744, 2, "`yesterday` is not a date or time (here and in 743 more records)"),
        ("U153", ["m,2026-01-01,,"] + ["m,2026-01-01,,eo"] * 2, 3, "`eo` (here and in 1 more record)"),
        (
            "U143",
            [f"m,2026-01-01T10:{minute:02d},," for minute in range(60)],
            2,
            "`2026-01-01T10:00` does not say its timezone (here and in 59 more records)",
        ),
        ("U139", [f"m,2026-01-01,{n}GB," for n in range(1, 4001)], 2, "`1GB` lacks a space (here and in 3,999 more"),
    ],
)
def test_one_cause_is_told_once(reading, code, rows, first, words):
    _, diagnostics = reading(ONE, files={"u.csv": "\n".join(["meter,at,quantity,subaccount", *rows, ""])})
    assert [(d.code, d.span.line) for d in diagnostics] == [(code, first)]
    assert words in diagnostics[0].message


def test_a_zone_that_all_times_lack_is_one_mistake(reading):
    rows = [f"m,2026-01-01T{hour:02d}:00,2026-01-01T{hour:02d}:30,1" for hour in range(20)]
    table = "\n".join(["meter,from,to,quantity", *rows, ""])
    _, diagnostics = reading(ONE, files={"u.csv": table})
    (found,) = diagnostics
    assert (found.code, found.span.line) == ("U143", 2)
    assert found.message.endswith("(here and in 19 more records)")


def test_the_same_mistake_in_two_keys_or_two_files_is_told_of_each(reading):
    rows = "meter,at,reported\nm,today,today\nm,today,today\n"
    text = "account: acme\nusage: [{file: u.csv}, {file: v.csv}, {meter: m, at: today}, {meter: m, at: today}]\n"
    _, diagnostics = reading(text, files={"u.csv": rows, "v.csv": rows})
    assert [(Path(d.span.source.name).name, d.code) for d in diagnostics] == [
        ("acme.yaml", "U140"),
        *[("u.csv", "U140")] * 2,
        *[("v.csv", "U140")] * 2,
    ]
    assert all("(here and in 1 more record)" in d.message for d in diagnostics)


@pytest.mark.parametrize("name", ["u.csv", "u.jsonl"])
def test_line_length_at_the_limit_and_past_it(tmp_path, name):
    rows = {
        "u.csv": ["meter,at,x", "m,2026-01-01,"],
        "u.jsonl": ['{"meter": "m", "at": "2026-01-01", "x": "'],
    }
    end = '"}' if name == "u.jsonl" else ""
    (tmp_path / "a.yaml").write_text(ONE.replace("u.csv", name))

    def read_with(length: int):
        last = rows[name][-1]
        row = last + "x" * (length - len(last) - len(end)) + end
        assert len(row) == length
        (tmp_path / name).write_text("\n".join([*rows[name][:-1], row, ""]))
        return read(tmp_path / "a.yaml", limits=replace(DEFAULT, json_line_bytes=200))

    assert read_with(200)[0] is not None
    usage, diagnostics = read_with(201)
    assert usage is None
    assert [(d.code, d.span.line) for d in diagnostics] == [("U176", len(rows[name]))]


def test_size_at_the_limit_and_past_it(tmp_path):
    (tmp_path / "a.yaml").write_text(ONE)
    (tmp_path / "u.csv").write_text("meter,at\nm,2026-01-01\n")
    size = (tmp_path / "u.csv").stat().st_size
    assert read(tmp_path / "a.yaml", limits=replace(DEFAULT, usage_file_bytes=size))[0] is not None
    _, diagnostics = read(tmp_path / "a.yaml", limits=replace(DEFAULT, usage_file_bytes=size - 1))
    assert [(d.code, d.span.line) for d in diagnostics] == [("U102", 3)]


def test_a_table_as_spreadsheets_write_it(reading):
    table = b"\xef\xbb\xbfmeter , at,quantity,id,region\r\n"
    table += b'm,2026-01-01,"1,000 GB",7, eu \r\n\r\nm,2026-01-02,,,\r\n'
    usage, diagnostics = reading(ONE, files={"u.csv": table})
    assert not diagnostics
    first, second = usage.records
    assert (first.id, first.quantity, dict(first.fields), first.place.line) == (
        "7",
        Amount(1000, "GB"),
        {"region": "eu"},
        2,
    )
    assert (second.id, second.quantity, dict(second.fields), second.place.line) == (
        None,
        Amount(1),
        {},
        4,
    )
    assert first.source == second.source == "acme.yaml"


def test_header_only_and_blank_lines_bring_nothing(reading):
    assert reading(ONE, files={"u.csv": "meter,at\n\n"})[0].records == ()
    assert reading(LINES, files={"u.jsonl": "\n\n"})[0].records == ()


@pytest.mark.parametrize("name", ["u.csv", "u.jsonl"])
def test_the_meter_of_rows_that_name_none(reading, name):
    text = f"account: acme\nusage:\n  - {{file: {name}, meter: calls}}\n"
    table = "at\n2026-01-01\n" if name == "u.csv" else '{"at": "2026-01-01"}\n'
    assert [r.meter for r in reading(text, files={name: table})[0].records] == ["calls"]


def test_semicolons_are_named(reading):
    _, diagnostics = reading(ONE, files={"u.csv": "meter;at\nm;2026-01-01\n"})
    assert {d.help for d in diagnostics} == {"separate the columns with commas"}


@pytest.mark.parametrize(
    ("code", "reference"),
    [
        ("U170", "../u.csv"),
        ("U170", "sub/../../u.csv"),
        ("U170", "/etc/passwd"),
        ("U170", "~/u.csv"),
        ("U170", "C:/u.csv"),
        ("U170", "\\\\host\\u.csv"),
        ("U170", "sub\\u.csv"),
        ("U170", "link.csv"),
        ("U170", "linked/u.csv"),
        ("U101", "none.csv"),
        ("U101", "sub"),
        ("U101", "loop.csv"),
        ("U112", "u.parquet"),
        ("U112", "acme.yaml"),
        ("U123", ""),
        ("U111", "u\\u202e.csv"),
    ],
)
def test_a_fixture_reaches_only_into_its_folder(tmp_path, code, reference):
    folder = tmp_path / "fixtures"
    (folder / "sub").mkdir(parents=True)
    for path in (tmp_path / "u.csv", folder / "u.csv", folder / "sub/u.csv", folder / "u.parquet"):
        path.write_text("meter,at\nm,2026-01-01\n")
    (folder / "link.csv").symlink_to(tmp_path / "u.csv")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "loop.csv").symlink_to("loop.csv")
    escaped = reference.replace("\\", "\\\\") if "u202e" not in reference else reference
    (folder / "acme.yaml").write_text(f'account: acme\nusage:\n  - {{file: "{escaped}"}}\n')
    usage, diagnostics = read(folder / "acme.yaml")
    assert usage is None
    assert [(d.code, d.span.line) for d in diagnostics] == [(code, 3)]


def test_a_fifo_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "u.csv")
    (tmp_path / "acme.yaml").write_text(ONE)
    assert [d.code for d in read(tmp_path / "acme.yaml")[1]] == ["U101"]


def test_folders_below_and_links_inside_are_fine(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/v.csv").write_text("meter,at\nm,2026-01-01\n")
    (tmp_path / "u.csv").symlink_to("sub/v.csv")
    (tmp_path / "acme.yaml").write_text(ONE)
    assert read(tmp_path / "acme.yaml")[0].records[0].place.line == 2


def test_a_file_given_twice(reading):
    text = ONE + "  - {file: ./u.csv}\n"
    usage, diagnostics = reading(text, files={"u.csv": "meter,at\nm,2026-01-01\n"})
    assert usage is None
    assert [(d.code, d.span.line, d.related[0][1].line) for d in diagnostics] == [("U171", 4, 3)]


def test_text_from_elsewhere_reaches_into_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    (tmp_path / "u.csv").write_text("meter,at\nm,2026-01-01\n")
    (tmp_path / "here/u.csv").write_text("meter,at\nm,2026-01-01\n")
    monkeypatch.chdir(tmp_path / "here")
    usage, _ = read(Source("-", ONE))
    assert (usage.records[0].place.span.place, usage.records[0].source) == ("u.csv:2", "-")
    assert [d.code for d in read(Source("-", ONE.replace("u.csv", "../u.csv")))[1]] == ["U170"]


def test_the_text_of_a_table_is_not_kept(reading):
    usage, _ = reading(ONE, files={"u.csv": "meter,at\nm,2026-01-01\n"})
    place = usage.records[0].place
    assert "text" not in vars(place.source)
    assert place.span.text == "m,2026-01-01"
