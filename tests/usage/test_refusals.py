"""Every bad fixture, with the code, the line and the words of what is said about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ratewright.diagnostics import Source
from ratewright.limits import DEFAULT
from ratewright.usage import codes, read, read_all

A = "account: acme\n"


def in_usage(record: str) -> str:
    return f"{A}usage:\n  - {record}\n"


def sized(size: str) -> str:
    return f"{A}grants:\n  - {{grant: g, size: {size}}}\n"


def at(time: str) -> str:
    return f"{A}activated: {time}\n"


# code, line, words of the message, words of the help, the fixture
CASES = [
    # the text as such
    ("U104", 2, "not well-formed YAML", "indentation", "account: acme\nusage: [\n"),
    ("U104", 2, "not well-formed YAML", "tabs", "usage:\n\t- a\n"),
    ("U107", 2, "`&all` is an anchor", "each value", f"{A}subaccounts: &all [a]\n"),
    ("U107", 3, "`*all` stands for", "the value itself", f"{A}subaccounts: &all [a]\nusage: *all\n"),
    ("U108", 1, "`!!str` is a tag", "quote", "account: !!str acme\n"),
    ("U108", 1, "is a tag", "remove", "account: !<tag:x.org,2000:evil> acme\n"),
    ("U108", 1, "`!` is a tag", "remove", "account: ! acme\n"),
    ("U109", 2, "`<<` merges", "keys themselves", f"{A}<<: {{account: b}}\n"),
    ("U110", 2, "`account` is written twice", "keep one", f"{A}account: b\n"),
    ("U110", 3, "`meter` is written twice", "keep one", in_usage("{meter: a, meter: b, at: 2026-01-01}")),
    ("U111", 1, "U+202E", "remove", 'account: "ac\\u202Eme"\n'),
    ("U111", 1, "U+202E", "remove", "account: ac\u202eme\n"),
    ("U111", 1, "U+200B", "remove", "account: ac\u200bme\n"),
    ("U111", 1, "U+0007", "remove", "account: ac\u0007me\n"),
    ("U111", 3, "U+202E", "remove", in_usage('{meter: m, at: 2026-01-01, id: "x\\u202Ey"}')),
    ("U111", 3, "U+00A0", "remove", in_usage('{meter: m, at: 2026-01-01, quantity: "10\\u00a0GB"}')),
    ("U111", 3, "U+202E", "remove", in_usage('{meter: m, at: 2026-01-01, "fi\\u202Eeld": x}')),
    ("U113", 1, "the fixture is empty", "begin with", ""),
    ("U113", 1, "the fixture is empty", "begin with", "# only this\n---\n"),
    ("U114", 3, "2 accounts", "one document", f"{A}---\naccount: b\n"),
    # shape
    ("U120", 2, "`purchase` is no key of a fixture", "did you mean `purchases`?", f"{A}purchase: []\n"),
    (
        "U120",
        3,
        "`prize` is no key of a grant",
        "`size`",
        f"{A}grants:\n  - {{grant: g, size: 1, prize: 2}}\n",
    ),
    ("U121", 1, "a fixture needs `account`", "such as `account: acme`", "usage: []\n"),
    ("U121", 3, "a grant needs `size`", "such as `size: 100 pics`", f"{A}grants:\n  - {{grant: g}}\n"),
    ("U121", 3, "a grant needs `size`", "where it says `siez`", f"{A}grants:\n  - {{grant: g, siez: 1}}\n"),
    ("U121", 3, "a balance needs `remaining`", "left", f"{A}balances:\n  - {{grant: g}}\n"),
    ("U121", 2, "a purchase needs `at`", "bought", f"{A}purchases: [{{id: a, package: p, size: 1}}]\n"),
    (
        "U121",
        2,
        "an extension of a limit needs `from`",
        "begins",
        f"{A}purchases: [{{id: a, limit: p, extend: 1, term: day}}]\n",
    ),
    ("U121", 2, "a refund needs `at`", "asked", f"{A}refunds: [{{purchase: a}}]\n"),
    ("U121", 3, "a record needs `meter`", "add `meter:`", in_usage("{at: 2026-01-01}")),
    ("U121", 3, "a record needs `meter`", "where it says `metre`", in_usage("{metre: m, at: 2026-01-01}")),
    ("U122", 1, "a fixture is a mapping, and this is a list", "begin with", "- account: acme\n"),
    ("U122", 1, "a fixture is a mapping, and this is a single value", "begin with", "acme\n"),
    ("U122", 2, "`subaccounts` should be a list, and is a single value", "[ … ]", f"{A}subaccounts: eu\n"),
    ("U122", 2, "`usage` should be a list, and is a mapping", "[ … ]", f"{A}usage: {{meter: m}}\n"),
    ("U122", 2, "each entry of `grants` should be a mapping", "{key: value", f"{A}grants: [g]\n"),
    ("U122", 3, "each entry of `usage` should be a mapping", "a record", in_usage("m")),
    ("U122", 2, "`settings` should be a mapping", "key", f"{A}settings: [a]\n"),
    ("U122", 2, "`activated` holds a list", "single value", f"{A}activated: [2026-01-01]\n"),
    (
        "U122",
        3,
        "`region` holds a list",
        "single value",
        in_usage("{meter: m, at: 2026-01-01, region: [eu, us]}"),
    ),
    ("U122", 2, "a key is a word", "key: value", f"{A}[a, b]: c\n"),
    ("U123", 2, "`activated` has no value", "leave the key out", f"{A}activated:\n"),
    ("U123", 2, "`activated` has no value", "leave the key out", f"{A}activated: null\n"),
    ("U123", 2, "`plan` has no value", "leave the key out", f"{A}settings: {{plan: }}\n"),
    ("U123", 2, "`plan` has no value", "leave the key out", f"{A}settings: {{plan: {{}}}}\n"),
    (
        "U123",
        3,
        "`region` has no value",
        "leave the key out",
        in_usage("{meter: m, at: 2026-01-01, region: }"),
    ),
    ("U123", 1, "`account` has no value", "leave the key out", 'account: ""\n'),
    ("U124", 2, "neither `grant` nor `package`", "name the one", f"{A}balances: [{{remaining: 1}}]\n"),
    (
        "U124",
        2,
        "neither `grant`, `package` nor `purchase`",
        "name the one",
        f"{A}withdrawals: [{{quantity: 1, at: 2026-01-02, reason: a}}]\n",
    ),
    (
        "U124",
        2,
        "both `grant` and `purchase`",
        "name the one",
        f"{A}withdrawals: [{{grant: a, purchase: b, quantity: 1, at: 2026-01-02, reason: a}}]\n",
    ),
    (
        "U124",
        2,
        "both `grant` and `package`",
        "name the one",
        f"{A}balances: [{{grant: a, package: b, remaining: 1}}]\n",
    ),
    (
        "U124",
        3,
        "`at` and `in`",
        "for an event",
        in_usage("{meter: m, at: 2026-01-01, in: 2026-01, quantity: 1}"),
    ),
    (
        "U124",
        3,
        "`in` and `from`",
        "for an event",
        in_usage("{meter: m, in: 2026-01, from: 2026-01-01, quantity: 1}"),
    ),
    (
        "U124",
        3,
        "`quantity` and `measured`",
        "give one",
        in_usage("{meter: m, in: 2026-01, quantity: 1, measured: 2}"),
    ),
    (
        "U124",
        2,
        "`period` beside",
        "one or the other",
        f"{A}expect: [{{period: 2026-01, from: 2026-01, total: 1}}]\n",
    ),
    ("U124", 2, "one of `from` and `to`", "write both", f"{A}expect: [{{from: 2026-01, total: 1}}]\n"),
    # numbers
    ("U130", 3, "`many` is not an amount", "9.31 GB", sized("many")),
    ("U130", 3, "`1,00` is not an amount", "10,000", sized('"1,00"')),
    ("U130", 3, "`10 000` is not an amount", "10,000", sized("10 000")),
    ("U130", 3, "`.5` is not an amount", "0.5", sized(".5")),
    ("U130", 3, "`5.` is not an amount", "0.5", sized("5.")),
    ("U130", 3, "`1.2.3` is not an amount", "0.5", sized("1.2.3")),
    ("U130", 3, "`+5` is not an amount", "0.5", sized("+5")),
    ("U130", 3, "`٣` is not an amount", "0.5", sized("٣")),
    ("U130", 3, "`5 GB x` is not an amount", "unit", sized("5 GB x")),
    ("U130", 3, "`$12` is not an amount", "unit", sized("$12")),
    ("U131", 3, "`-5` is negative", "less than nothing", sized("-5")),
    (
        "U131",
        3,
        "`-0.5 GB` is negative",
        "less than nothing",
        in_usage("{meter: m, at: 2026-01-01, measured: -0.5 GB}"),
    ),
    ("U131", 3, "`−5` is negative", "less than nothing", sized("−5")),
    ("U132", 3, "`1e5` has an exponent", "write the number out: 100000", sized("1e5")),
    ("U132", 3, "`1.5E-3 GB` has an exponent", "out: 0.0015 GB", sized("1.5E-3 GB")),
    ("U132", 3, "`1e999999999` has an exponent", "write the number out", sized("1e999999999")),
    ("U133", 3, "`.nan` is not a finite", "figure", sized(".nan")),
    ("U133", 3, "`nan` is not a finite", "figure", sized("nan")),
    ("U133", 3, "`-inf` is not a finite", "figure", sized("-inf")),
    ("U134", 3, "`0x10` is in another base", "decimal", sized("0x10")),
    ("U134", 3, "`0o17` is in another base", "decimal", sized("0o17")),
    ("U134", 3, "`0b11` is in another base", "decimal", sized("0b11")),
    ("U135", 3, "`1_000 GB` has underscores", "write 1000 GB", sized("1_000 GB")),
    ("U136", 3, "`010` has a leading zero", "octal; write 10", sized("010")),
    ("U136", 3, "`00.5 GB` has a leading zero", "write 0.5 GB", sized("00.5 GB")),
    ("U137", 3, "too many digits", "at most 38 digits", sized("1" * 39)),
    ("U137", 3, "too many digits", "18 of them decimals", sized("0." + "1" * 19)),
    (
        "U138",
        2,
        "`0` is not a count",
        "from 1 on",
        f"{A}purchases: [{{id: a, package: p, size: 1, count: 0, at: 2026-01-01}}]\n",
    ),
    (
        "U138",
        2,
        "`1.5` is not a count",
        "whole",
        f"{A}purchases: [{{id: a, package: p, size: 1, count: 1.5, at: 2026-01-01}}]\n",
    ),
    (
        "U138",
        2,
        "`2 x` is not a count",
        "unit",
        f"{A}purchases: [{{id: a, limit: p, extend: 1, term: day, terms: 2 x, from: 2026-01-01}}]\n",
    ),
    ("U139", 3, "`10GB` lacks a space", "write 10 GB", sized("10GB")),
    ("U130", 3, "a duration without a unit", "40 seconds", in_usage("{meter: m, at: 2026-01-01, lasts: 40}")),
    # dates and times
    ("U140", 2, "`yesterday` is not a date", "2026-02-01T09:00:00+08:00", at("yesterday")),
    ("U140", 2, "is not a date or time", "offset", at("01/02/2026")),
    ("U140", 2, "is not a date or time", "offset", at("20260201")),
    ("U140", 2, "is not a date or time", "offset", at("2026-02-01t09:00:00z")),
    ("U140", 2, "is not a date or time", "offset", at("2026-02-01T09:00:00+0800")),
    ("U140", 2, "is not a date or time", "offset", at("2026-02-01T09:00:00.1234567890Z")),
    ("U140", 2, "is not a date or time", "offset", at('"2026-02-01T09:00:00+08:00[Asia/Shanghai]"')),
    ("U140", 2, "is not a date or time", "offset", at("2026-02")),
    ("U140", 2, "is not a date or time", "offset", at("\uff12026-02-01")),
    ("U141", 2, "`2026-02-30` does not exist: February 2026 has 28 days", "01 to 28", at("2026-02-30")),
    ("U141", 2, "February 2026 has 28 days", "01 to 28", at("2026-02-29T10:00:00Z")),
    ("U141", 2, "there is no month 13", "01 to 12", at("2026-13-01")),
    ("U141", 2, "there is no month 00", "01 to 12", at("2026-00-01")),
    ("U142", 2, "there is no hour 24", "write 2026-03-01T00:00", at("2026-02-28T24:00:00Z")),
    ("U142", 2, "there is no time 25:00", "00 to 23", at("2026-02-28T25:00Z")),
    ("U142", 2, "there is no time 10:60", "00 to 59", at("2026-02-28T10:60Z")),
    ("U142", 2, "there is no second 60", "leap seconds", at("2026-02-28T23:59:60Z")),
    ("U142", 2, "there is no UTC offset +15:00", "+14:00", at("2026-02-28T23:59:00+15:00")),
    (
        "U143",
        2,
        "naive time `2026-02-01T09:00:00`: say which timezone",
        "`timezone:` at the top",
        at("2026-02-01T09:00:00"),
    ),
    ("U143", 3, "naive time", "add an offset", in_usage("{meter: m, at: 2026-02-01 09:00}")),
    (
        "U144",
        2,
        "does not exist in Europe/Berlin",
        "2026-03-29T03:30:00+02:00",
        at("2026-03-29T02:30:00") + "timezone: Europe/Berlin\n",
    ),
    (
        "U144",
        2,
        "happens twice in Europe/Berlin",
        "offset",
        at("2026-10-25T02:30:00") + "timezone: Europe/Berlin\n",
    ),
    ("U145", 2, "`1899-12-31` is outside 1900 to 2200", "1900 to 2200", at("1899-12-31")),
    ("U145", 2, "outside 1900 to 2200", "1900 to 2200", at("2201-01-01T00:00:00Z")),
    ("U145", 2, "outside 1900 to 2200", "1900 to 2200", at("0000-01-01")),
    (
        "U146",
        2,
        "no timezone `Europe/Atlantis`",
        "IANA",
        f"{A}timezone: Europe/Atlantis\nactivated: 2026-01-01 10:00\n",
    ),
    ("U147", 3, "`March` is not a day, a month or a year", "2026-03", in_usage("{meter: m, in: March, quantity: 1}")),
    (
        "U147",
        3,
        "is not a day, a month or a year",
        "2026-03",
        in_usage("{meter: m, in: 2026-03-01T00:00:00Z, quantity: 1}"),
    ),
    ("U141", 3, "there is no month 13", "01 to 12", in_usage("{meter: m, in: 2026-13, quantity: 1}")),
    ("U147", 2, "`2026` is not a day or a month", "2026-03", f"{A}expect: [{{period: 2026, total: 1}}]\n"),
    (
        "U148",
        3,
        "is not after `from`",
        "first moment after",
        in_usage("{meter: m, from: 2026-01-02, to: 2026-01-02, quantity: 1}"),
    ),
    (
        "U148",
        3,
        "is not after `from`",
        "first moment after",
        in_usage("{meter: m, from: 2026-01-02T10:00+08:00, to: 2026-01-02T02:00Z, quantity: 1}"),
    ),
    (
        "U148",
        2,
        "`to` is before `from`",
        "earlier",
        f"{A}expect: [{{from: 2026-02, to: 2026-01, total: 1}}]\n",
    ),
    # what is no name
    ("U122", 1, "`true` is the value of a switch, and a name is asked for", "write the name", "account: true\n"),
    ("U122", 2, "`false` is the value of a switch", "name", f"{A}tariff: false\n"),
    ("U122", 3, "`true` is the value of a switch", "name", in_usage("{meter: true, at: 2026-01-01}")),
    # figures that a comma has torn apart
    (
        "U123",
        3,
        "`000 GBP` has no value",
        'quote a figure with commas, "450,000 GBP"',
        in_usage("{meter: m, at: 2026-01-01, quantity: 450,000 GBP}"),
    ),
    (
        "U123",
        2,
        "`000 GBP` has no value",
        '"450,000 GBP"',
        f"{A}expect: [{{period: 2026-01, total: 450,000 GBP}}]\n",
    ),
    (
        "U120",
        2,
        "`000` is no key of a purchase",
        'quote a figure with commas, "10,000"',
        f"{A}purchases: [{{id: p, package: a, size: 10,000, at: 2026-01-01}}]\n",
    ),
    # times without their zeros, or without their day
    ("U140", 2, "`8:00` is not a date or time", "write the whole instant, with its day: 2026-02-01T08:00", at("8:00")),
    ("U140", 2, "`2026-03-01 8:00` is", "two digits: write 2026-03-01T08:00", at("2026-03-01 8:00")),
    ("U140", 2, "`2026-3-1 8:00:05Z` is", "two digits: write 2026-03-01T08:00:05Z", at("2026-3-1 8:00:05Z")),
    ("U140", 2, "`2026-3-1` is", "months and days have two digits: write 2026-03-01", at("2026-3-1")),
    # what lots are for
    (
        "U122",
        2,
        "`with` should be a mapping",
        "write `with: {key: value}`",
        f"{A}purchases: [{{id: a, package: p, size: 1, at: 2026-01-01, with: EU}}]\n",
    ),
    (
        "U123",
        2,
        "`with` has no value",
        "leave the key out",
        f"{A}purchases: [{{id: a, package: p, size: 1, at: 2026-01-01, with: {{}}}}]\n",
    ),
    (
        "U120",
        2,
        "`with` is no key of an extension",
        "`term`",
        f"{A}purchases: [{{id: a, limit: p, extend: 1, term: day, from: 2026-01-01, with: {{a: b}}}}]\n",
    ),
    (
        "U131",
        2,
        "`-3 USD` is negative",
        "nothing",
        f"{A}purchases: [{{id: a, package: p, size: 1, at: 2026-01-01, paid: -3 USD}}]\n",
    ),
    ("U122", 3, "`with` should be a mapping", "write", f"{A}grants:\n  - {{grant: g, size: 1, with: [a]}}\n"),
    (
        "U162",
        2,
        "the grant `g` has two sizes",
        "with: {region: EU}",
        f"{A}grants: [{{grant: g, size: 1, with: {{a: x, b: 1.0}}}}, {{grant: g, size: 2, with: {{b: 1.0, a: x}}}}]\n",
    ),
    # the version of the price list
    ("U140", 2, "`v2` is not a date", "2026-02-01", f"{A}version: v2\n"),
    ("U140", 2, "is a time, and a day is asked for", "write 2026-01-21", f"{A}version: 2026-01-21T00:00:00Z\n"),
    ("U141", 2, "`2026-02-30` does not exist", "01 to 28", f"{A}version: 2026-02-30\n"),
    # late records
    (
        "U155",
        3,
        "reported before it happened: 2026-01-01T09:59:59Z",
        "leave it out",
        in_usage("{meter: m, at: 2026-01-01T10:00:00Z, reported: 2026-01-01T09:59:59Z}"),
    ),
    (
        "U155",
        3,
        "reported before it happened",
        "when it became known",
        in_usage("{meter: m, in: 2026-02, quantity: 1, reported: 2026-01-31}"),
    ),
    (
        "U124",
        3,
        "`reported` beside `from` and `to`",
        "a total for each period",
        in_usage("{meter: m, from: 2026-01-01, to: 2026-01-02, quantity: 1, reported: 2026-02-01}"),
    ),
    ("U140", 3, "`later` is not a date", "offset", in_usage("{meter: m, at: 2026-01-01, reported: later}")),
    # records
    ("U150", 3, "does not say when", "for an event", in_usage("{meter: m, quantity: 1}")),
    (
        "U121",
        3,
        "a record with `from` needs `to`",
        "add `to:`",
        in_usage("{meter: m, from: 2026-01-01, quantity: 1}"),
    ),
    (
        "U121",
        3,
        "a record with `to` needs `from`",
        "add `from:`",
        in_usage("{meter: m, to: 2026-01-01, quantity: 1}"),
    ),
    (
        "U151",
        3,
        "a record with `in` needs `quantity`",
        "add `quantity:`",
        in_usage("{meter: m, in: 2026-01}"),
    ),
    (
        "U151",
        3,
        "a record with `in` needs `quantity`",
        "where it says `quantitty`",
        in_usage("{meter: m, in: 2026-01, quantitty: 5}"),
    ),
    (
        "U151",
        3,
        "a record with `from` needs `quantity`",
        "add",
        in_usage("{meter: m, from: 2026-01-01, to: 2026-01-02}"),
    ),
    (
        "U153",
        4,
        "no subaccount `acme-eo`",
        "did you mean `acme-eu`?",
        f"{A}subaccounts: [acme-eu]\nusage:\n  - {{meter: m, at: 2026-01-01, subaccount: acme-eo}}\n",
    ),
    (
        "U153",
        3,
        "no subaccount `acme`",
        "leave `subaccount` out",
        in_usage("{meter: m, at: 2026-01-01, subaccount: acme}"),
    ),
    (
        "U120",
        3,
        "`file` stands beside keys",
        "their own entry",
        in_usage("{file: a.csv, meter: m, at: 2026-01-01}"),
    ),
    # what must fit together
    (
        "U160",
        4,
        "`p1` is given twice",
        "of its own",
        f"{A}purchases:\n  - {{id: p1, package: a, size: 1, at: 2026-01-01}}\n"
        "  - {id: p1, limit: a, extend: 1, term: day, from: 2026-01-01}\n",
    ),
    (
        "U160",
        4,
        "`p1` is given twice",
        "of its own",
        f"{A}balances:\n  - {{package: a, lot: p1, remaining: 1}}\n  - {{package: a, lot: p1, remaining: 2}}\n",
    ),
    (
        "U161",
        5,
        "refund of something never bought: `pack1`",
        "did you mean `pack-1`?",
        f"{A}purchases:\n  - {{id: pack-1, package: a, size: 1, at: 2026-01-01}}\nrefunds:\n"
        "  - {purchase: pack1, at: 2026-01-02}\n",
    ),
    (
        "U161",
        3,
        "pause of something never bought: `p2`",
        "the `id`",
        f"{A}pauses:\n  - {{purchase: p2, at: 2026-01-02}}\n",
    ),
    (
        "U161",
        3,
        "withdrawal of something never bought: `p2`",
        "the `id`",
        f"{A}withdrawals:\n  - {{purchase: p2, quantity: 1, at: 2026-01-02, reason: a}}\n",
    ),
    ("U162", 4, "`g` has two sizes", "keep one", sized("1") + "  - {grant: g, size: 2}\n"),
    (
        "U163",
        4,
        "`plan` has two values",
        "same instant",
        f"{A}settings:\n  plan:\n    {{2026-01-01T08:00+08:00: a, 2026-01-01T00:00Z: b}}\n",
    ),
    ("U165", 1, "`eu` is listed twice", "once", f"{A}subaccounts: [eu, eu]\n"),
    ("U165", 1, "`acme` is the account itself", "below", f"{A}subaccounts: [acme]\n"),
    ("U166", 2, "this expects nothing", "total", f"{A}expect: [{{period: 2026-01}}]\n"),
]


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
    tested = "".join(path.read_text() for path in here.glob("test_*.py"))
    assert [code for code in codes.TABLE if f'"{code}"' not in tested] == []
