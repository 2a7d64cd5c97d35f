"""Fixtures that are refused for what an entry says, alone or beside others, with what is said of each."""

from __future__ import annotations

from tests.usage.refused_texts import A, Case, in_usage, sized

ENTRIES: list[Case] = [
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
