"""Every bad fixture, with the code, the line and the words of what is said about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from ratewright.diagnostics import Source
from ratewright.limits import DEFAULT
from ratewright.usage import codes, read, read_all
from tests.usage.refused_entries import ENTRIES
from tests.usage.refused_texts import TEXTS, A, in_usage, sized

CASES = [*TEXTS, *ENTRIES]


@pytest.mark.parametrize(("code", "line", "words", "help", "text"), CASES)
def test_refused(reading, code, line, words, help, text):
    usage, diagnostics = reading(text)
    assert usage is None
    found = [d for d in diagnostics if d.code == code and words in d.message]
    assert found, [(d.code, d.message) for d in diagnostics]
    assert help in found[0].help
    assert found[0].span.line == line


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[2]}")
def test_only_that_is_said(reading, case):
    """One mistake is one message, but for those that name a key beside the one it was mistaken for."""
    _, diagnostics = reading(case[4])
    allowed = 2 if "where it says" in case[3] or ("&all" in case[4] and "*all" in case[4]) else 1
    assert len(diagnostics) <= allowed, [(d.code, d.message) for d in diagnostics]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]} {case[2]}")
def test_messages_keep_to_the_style(reading, case):
    for diagnostic in reading(case[4])[1]:
        assert diagnostic.help
        assert not diagnostic.message.endswith(".")
        assert diagnostic.message[0] == "`" or diagnostic.message[0].islower()
        assert diagnostic.code in codes.TABLE
        for word in ("str", "dict", "int()", "NoneType", "pydantic", "Traceback"):
            assert word not in diagnostic.message.replace("structure", "").replace("`!!str`", "")


def test_everything_is_said_at_once(reading):
    _, diagnostics = reading(
        """\
        account: acme
        activated: 2026-02-30
        colour: red
        subaccounts: [eu]
        grants:
          - {grant: g, size: -1}
        usage:
          - {metre: m, at: 2026-13-01, quantity: 1e3, subaccount: us, lasts: 4x}
          - {meter: m, in: 2026-01}
        """
    )
    assert [(d.code, d.span.line) for d in diagnostics] == [
        ("U141", 2), ("U120", 3), ("U131", 6),
        ("U121", 8), ("U141", 8), ("U132", 8), ("U153", 8), ("U139", 8), ("U151", 9),
    ]  # fmt: skip


def test_column_is_that_of_the_value(reading):
    _, diagnostics = reading(sized("-5"))
    assert diagnostics[0].span.column == 22
    assert diagnostics[0].span.text == "-5"


def test_a_figure_of_three_parts_is_put_together(reading):
    _, diagnostics = reading(in_usage("{meter: m, at: 2026-01-01, quantity: 1,450,000.50 GBP}"))
    assert [(d.code, d.help.rpartition(", ")[2]) for d in diagnostics] == [
        ("U123", '"1,450"'),
        ("U123", '"1,450,000.50 GBP"'),
    ]


def test_column_counts_characters(reading):
    _, diagnostics = reading("account: \U0001d49c é 会\nsettings: {会: a, 会: b}\r\nactivated: x\r\n")
    assert [(d.span.line, d.span.text) for d in diagnostics] == [(2, "会"), (3, "x")]


def test_both_places_are_named(reading):
    _, diagnostics = reading(f"{A}account: b\n")
    assert diagnostics[0].related[0][1].line == 1


def test_an_empty_word_is_no_refusal_of_the_rest(reading):
    usage, diagnostics = reading(f"{A}usage:\nsettings:\npurchases: []\nexpect: ~\n")
    assert not diagnostics
    assert usage is not None and usage.records == ()


@pytest.mark.parametrize(
    ("code", "words", "text"),
    [
        ("U105", "`acme` is no value", '{"account": acme}'),
        ("U105", "comma or `}`", '{"account": "acme" "usage": []}'),
        ("U105", "comma or `]`", '{"account": "acme", "usage": [1 2]}'),
        ("U105", "key in double quotes", '{"account": "acme",}'),
        ("U105", "key in double quotes", "{account: 1}"),
        ("U105", "a colon", '{"account" "acme"}'),
        ("U105", "text ends", '{"account": '),
        ("U105", "after the end", '{"account": "acme"} {}'),
        ("U105", "`010` is no value", '{"account": 010}'),
        ("U105", "`+1` is no value", '{"account": +1}'),
        ("U105", "unterminated string", '{"account": "acme'),
        ("U105", "invalid control character", '{"account": "ac\nme"}'),
        ("U105", "`'` is no value", "{\"account\": 'acme'}"),
        ("U110", "written twice", '{"account": "a", "account": "b"}'),
        ("U111", "U+D800", '{"account": "a\\ud800"}'),
        ("U123", "no value", '{"account": null}'),
        ("U132", "exponent", '{"account": "a", "grants": [{"grant": "g", "size": 1E5}]}'),
        ("U133", "`NaN`", '{"account": "a", "grants": [{"grant": "g", "size": NaN}]}'),
        ("U133", "`-Infinity`", '{"account": "a", "grants": [{"grant": "g", "size": -Infinity}]}'),
        ("U113", "empty", " \n"),
    ],
)
def test_json_refused(reading, code, words, text):
    usage, diagnostics = reading(text, "acme.json")
    assert usage is None
    assert [d.code for d in diagnostics] == [code], diagnostics
    assert words in diagnostics[0].message


def test_yaml_that_is_not_json_is_no_json(reading):
    assert reading("account: acme\n", "acme.json")[0] is None


@pytest.mark.parametrize("name", ["acme.yaml", "acme.json"])
def test_depth_at_the_limit_and_past_it(tmp_path, name):
    def nested(depth: int) -> list[str]:
        text = '{"account": "a", "usage": ' + "[" * (depth - 1) + "]" * (depth - 1) + "}"
        (tmp_path / name).write_text(text)
        return [d.code for d in read(tmp_path / name)[1]]

    assert "U106" not in nested(DEFAULT.yaml_depth)
    assert nested(DEFAULT.yaml_depth + 1) == ["U106"]
    assert nested(200_000) == ["U106"]


def test_billion_laughs(reading):
    text = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for name, before in zip("bcdefghi", "abcdefgh", strict=True):
        text += f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
    usage, diagnostics = reading(text)
    assert usage is None
    assert {d.code for d in diagnostics} == {"U107"}


def test_size_at_the_limit_and_past_it(tmp_path):
    path = tmp_path / "acme.yaml"
    path.write_text(A)
    assert read(path, limits=replace(DEFAULT, fixture_bytes=len(A)))[0] is not None
    usage, diagnostics = read(path, limits=replace(DEFAULT, fixture_bytes=len(A) - 1))
    assert usage is None
    assert (diagnostics[0].code, diagnostics[0].file) == ("U102", str(path))


def test_lots_at_the_limit_and_past_it(tmp_path):
    path = tmp_path / "acme.yaml"
    path.write_text(f"{A}purchases: [{{id: p, package: a, size: 1, count: 3, at: 2026-01-01}}]\n")
    assert read(path, limits=replace(DEFAULT, lots=3))[0] is not None
    assert [d.code for d in read(path, limits=replace(DEFAULT, lots=2))[1]] == ["U164"]


def test_files_that_cannot_be_read(tmp_path):
    for name, code in (("no.yaml", "U101"), ("a.txt", "U112"), ("a.csv", "U112"), ("nul\0.yaml", "U101")):
        usage, diagnostics = read(tmp_path / name)
        assert (usage, [d.code for d in diagnostics]) == (None, [code])
    (tmp_path / "dir.yaml").mkdir()
    assert [d.code for d in read(tmp_path / "dir.yaml")[1]] == ["U101"]


def test_broken_encoding_names_the_line(reading):
    usage, diagnostics = reading(b"account: acme\nactivated: \xff\n")
    assert usage is None
    assert (diagnostics[0].code, diagnostics[0].span.line) == ("U103", 2)


def test_one_wrong_document_gives_no_account():
    text = "account: a\n---\naccount: b\ncolour: red\n---\naccount: a\n"
    usages, diagnostics = read_all(Source("-", text))
    assert usages == []
    assert [(d.code, d.span.line) for d in diagnostics] == [("U120", 4), ("U115", 6)]


def test_every_code_is_explained():
    for code, (title, explanation) in codes.TABLE.items():
        assert code[0] == "U" and code[1:].isdigit() and len(code) == 4
        assert (title and title[0].islower()) or title.startswith(("UTF", "CSV"))
        assert explanation[0].isupper() and explanation.endswith(".")


def test_every_code_has_a_case():
    here = Path(__file__).parent
    tested = "".join(path.read_text() for path in (*here.glob("test_*.py"), *here.glob("refused_*.py")))
    assert [code for code in codes.TABLE if f'"{code}"' not in tested] == []
