"""The page of all diagnostics: each code with its title, what it means, and a small file that makes it speak.

The words come from the catalogue. Rule files come from the corpus of `tests/language/bad`, fixtures from the
cases of `tests/usage`, and accounts from here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ratewright.checks.run import check, decode_rules
from ratewright.codes.catalogue import Entry, catalogue
from ratewright.contracts.drift import drifted
from ratewright.contracts.stretches import Agreed
from ratewright.diagnostics import Diagnostic, Source, as_data, draw
from ratewright.plan.plan import plan_of
from ratewright.rating.named_periods import named, spanned
from ratewright.rating.walk import rate
from ratewright.refusal import RatingError
from ratewright.trial.examples import run_examples
from ratewright.usage import read
from ratewright.usage.model import ContractFile, Place
from ratewright.values.calendar import calendar_of
from tests.contracts.beside import LIST as PHOTOS
from tests.contracts.beside import contract, findings, listed
from tests.docs.pages import ROOT
from tests.usage.test_refusals import CASES

PAGE = ROOT / "docs" / "diagnostics.md"
CORPUS = ROOT / "tests" / "language" / "bad"
CONTRACTS = ROOT / "tests" / "contracts" / "bad"
LIST = "rules/tencent_hy_image.tariff"

FAMILIES = {
    "R": ("Rule files", "What is wrong with a rule file as it is written."),
    "C": ("Checks", "What may be odd about a rule file that is well written."),
    "D": ("Contracts", "What is wrong with a contract, or between it and its list."),
    "A": ("Accounts and bills", "Where an account's data and a price list do not fit, or no bill can be made of them."),
    "U": ("Usage files", "What is wrong with a fixture, or a file of records."),
    "X": (
        "Templates and languages",
        "What is wrong with a template, a style file, a logo or the language asked for, or keeps from printing.",
    ),
    "L": ("The command line", "What is wrong with the files that a command is given."),
}

SMALL = """tariff small "Small" { currency USD;  timezone "UTC" }
unit pic, pics
setting plan one of free, pro = free
setting ratio number = 0
meter images in pics
meter late { measure sum(quantity - 5 pics) in pics }
charge fee { on images;  every month;  volume { up to 10  1 USD/pic;  beyond  not sold } }
charge plan_fee { every month;  amount if plan == pro then 5 USD else 0 USD }
charge share { on images;  every month;  amount 1 USD / ratio }
charge late_fee { on late;  every month;  rate 1 USD/pic }
meter calls in pics
charge call_fee { on calls;  every month from 2026-03-05;  rate 1 USD/pic }
meter rides in pics
charge ride_fee { on rides;  every 60 minutes from first use;  amount 2 USD }
meter peak { measure highest(quantity) in pics }
charge peak_fee { on peak;  every quarter;  rate 1 USD/pic }
"""


def _usage(*records: str) -> str:
    return "usage:\n" + "".join(f"  - {{meter: {record}}}\n" for record in records)


_MARCH = _usage("image_style_transfer, in: 2026-03, quantity: 100")
_ONE = _usage("image_style_transfer, at: 2026-03-02T10:00:00Z")
_BOUGHT = "purchases:\n  - {{id: p1, package: resource_package, size: 1000 pics, at: {}}}\n"

# code, the rest of the fixture, the period that is asked for, the price list
ACCOUNTS = (
    ("A101", _usage("image_transfer, at: 2026-03-02T10:00:00Z"), "", LIST),
    ("A102", _usage("image_style_transfer, at: 2026-03-02T10:00:00Z, colour: red"), "", LIST),
    ("A103", _usage("image_style_transfer, at: 2026-03-02T10:00:00Z, quantity: 5 GB"), "", LIST),
    ("A104", f"settings: {{postpayed: on}}\n{_ONE}", "", LIST),
    ("A105", "purchases:\n  - {id: p1, package: resource_package, size: 5000 pics, at: 2026-03-02}\n", "", LIST),
    ("A106", "purchases:\n  - {id: c1, limit: concurrency, extend: 1, term: week, from: 2026-03-02}\n", "", LIST),
    ("A107", f"balances:\n  - {{grant: free_quota, remaining: 5 GB}}\n{_ONE}", "", LIST),
    ("A201", f"activated: 2026-03-05\n{_ONE}", "", LIST),
    ("A202", f"opening: 2026-04-01\n{_ONE}", "2026-04", LIST),
    ("A203", _ONE, "2025-12", LIST),
    ("A204", "opening: 2026-03-01\n", "2026-02", LIST),
    ("A205", _usage("image_style_transfer, from: 2026-03-02, to: 2026-03-01T10:00:00Z, quantity: 5"), "", LIST),
    ("A206", f"{_BOUGHT.format('2026-03-02')}refunds:\n  - {{purchase: p1, at: 2026-03-01}}\n", "", LIST),
    ("A207", "settings: {postpaid: on}\n", "2026-13", LIST),
    ("A301", f"{_BOUGHT.format('2026-03-10')}{_MARCH}", "", LIST),
    ("A302", f"settings:\n  postpaid: {{2026-03-10: on}}\n{_MARCH}", "", LIST),
    (
        "A303",
        "settings: {postpaid: on}\n" + _usage("image_style_transfer, from: 2026-03-30, to: 2026-04-03, quantity: 9"),
        "",
        LIST,
    ),
    ("A304", f"{_BOUGHT.format('2026-03-01')}{_MARCH}refunds:\n  - {{purchase: p1, at: 2026-03-05}}\n", "", LIST),
    ("A305", "settings:\n  plan: {2026-03-10: pro}\n", "2026-03", "small.tariff"),
    ("A309", _usage("calls, at: 2026-03-02T10:00:00Z"), "", "small.tariff"),
    (
        "A310",
        f"{_BOUGHT.format('2026-03-01')}withdrawals:\n"
        "  - {purchase: p1, quantity: 1200 pics, at: 2026-03-05, reason: booked twice}\n",
        "",
        LIST,
    ),
    ("A311", _usage("rides, in: 2026-03-02, quantity: 4"), "", "small.tariff"),
    ("A312", _usage("peak, in: 2026-01, measured: 5", "peak, in: 2026-02, measured: 7"), "", "small.tariff"),
    ("A401", _usage("images, in: 2026-03, quantity: 11"), "", "small.tariff"),
    ("A501", _usage("late, at: 2026-03-02T10:00:00Z"), "", "small.tariff"),
    ("A601", _usage("images, in: 2026-03, quantity: 1"), "", "small.tariff"),
)

NO_TIME = """tariff small "Small" { currency USD;  timezone "UTC" }
setting plan one of free, pro = free
charge plan_fee { every month;  amount if plan == pro then 5 USD else 0 USD }
example "never" { set plan pro;  expect total == 5 USD }
"""


def page() -> str:
    """The whole page."""
    entries, examples = catalogue(), dict(_examples())
    parts = [_HEAD, _contents(entries)]
    for letter, (title, remark) in FAMILIES.items():
        parts.append(f"## {title}\n\n{remark}\n")
        parts += [_entry(code, entry, examples.get(code)) for code, entry in entries.items() if code[0] == letter]
    return "\n".join(parts)


def _contents(entries: dict[str, Entry]) -> str:
    rows = ["| codes | |", "|---|---|"]
    for letter, (title, remark) in FAMILIES.items():
        codes = [code for code in entries if code[0] == letter]
        rows.append(f"| [{codes[0]} to {codes[-1]}](#{title.lower().replace(' ', '-')}) | {remark} |")
    return "\n".join(rows) + "\n"


def _entry(code: str, entry: Entry, example: Diagnostic | None) -> str:
    text = f"### {code}\n\n**{entry.title}.** {entry.explanation}\n"
    if example is not None:
        text += f"\n```text\n{draw(example)}\n```\n"
    return text


def _examples() -> Iterator[tuple[str, Diagnostic]]:
    yield from _of_rules()
    yield from _of_contracts()
    yield from _of_usage()
    yield from _of_accounts()
    tariff, _ = check(Source("small.tariff", NO_TIME))
    assert tariff is not None
    yield "A208", run_examples(tariff)[0].diagnostics[0]


def _of_rules() -> Iterator[tuple[str, Diagnostic]]:
    """For each code the file of the corpus that shows it best: few findings, a remedy, short."""
    best: dict[str, tuple[tuple[int, bool, int, str], Diagnostic]] = {}
    for path in sorted(CORPUS.glob("*/*.tariff")):
        source, problems = decode_rules(path.read_bytes(), path.name)
        found = check(source)[1] if source is not None else problems
        for diagnostic in found:
            rank = (len(found), not diagnostic.help, len(draw(diagnostic)), path.relative_to(CORPUS).as_posix())
            if diagnostic.code not in best or rank < best[diagnostic.code][0]:
                best[diagnostic.code] = (rank, diagnostic)
    for code, (_, diagnostic) in best.items():
        if code[0] in "RC":
            yield code, diagnostic


def _of_contracts() -> Iterator[tuple[str, Diagnostic]]:
    """The shortest finding for each code, and those that need more than a list and a contract."""
    best: dict[str, Diagnostic] = {}
    for path in sorted(CONTRACTS.glob("*.contract")):
        for diagnostic in findings(path):
            known = best.setdefault(diagnostic.code, diagnostic)
            best[diagnostic.code] = min(known, diagnostic, key=lambda d: len(draw(d)))
    yield from ((code, diagnostic) for code, diagnostic in best.items() if code[0] == "D")
    dearer = listed(PHOTOS.replace("amount 20 USD", "amount 25 USD").replace("from 2026-01-01 }", "from 2026-07-01 }"))
    lists = (listed(PHOTOS.replace("from 2026-01-01 }", "from 2026-01-01 until 2026-07-01 }")), dearer)
    own = contract("replace amount of support_fee with 18 USD")
    yield from (("D107", problem) for problem in drifted(Agreed(lists, (own,)).stretches((own,))))
    usage, _ = read(Source("bolt.yaml", "account: bolt\n"))
    assert usage is not None
    file = ContractFile("acme.contract", str(ROOT / "tests/contracts/acme.contract"), Place(usage.source, 1))
    try:
        Agreed((listed(),), ()).of(replace(usage, contracts=(file,)))
    except RatingError as error:
        yield "D106", error.diagnostics[0]


def _of_usage() -> Iterator[tuple[str, Diagnostic]]:
    seen = set()
    for code, _, _, _, text in CASES:
        if code not in seen and text.replace("\n", "").isprintable():
            found = [d for d in read(Source("acme.yaml", text))[1] if d.code == code]
            if found:
                seen.add(code)
                yield code, found[0]


def _of_accounts() -> Iterator[tuple[str, Diagnostic]]:
    texts = {LIST: (ROOT / LIST).read_text(encoding="utf-8"), "small.tariff": SMALL}
    tariffs = {name: check(Source(name, text))[0] for name, text in texts.items()}
    for code, text, period, name in ACCOUNTS:
        tariff = tariffs[name]
        usage, problems = read(Source("acme.yaml", f"account: acme\n{text}"))
        assert tariff is not None, name
        assert usage is not None, (code, problems)
        calendar = calendar_of(tariff.timezone)
        try:
            periods = named(period, calendar) if period else spanned(usage, [tariff], calendar)
            problems = rate(plan_of(tariff), usage, periods)[1]
        except RatingError as error:
            problems = list(error.diagnostics)
        assert [d.code for d in problems][:1] == [code], (code, problems)
        yield code, problems[0]


def _as_json() -> str:
    source = Source("prices.tariff", "tariff prices { currency USD }\n")
    return json.dumps(as_data(check(source)[1][0]), indent=2, ensure_ascii=False)


_HEAD = f"""# Diagnostics

<!-- Written by tests/docs/gallery.py: `RATEWRIGHT_UPDATE=1 pytest tests/docs` writes it anew. -->

Everything that ratewright finds has a code, a place, a message, and mostly a remedy behind `help`. An *error* stops
the work; a *warning* is a likely mistake; a *note* is worth knowing. A code never changes its meaning.

This page lists every code with what it means, and for most of them what the command line draws. All of these come
from the project's own tests.

## As JSON

`ratewright check --format json` prints an object with `schema` (`ratewright/check/1`), `diagnostics`, `left_out` (how
many were not printed) and `summary`. A diagnostic has these keys; `line` and `column` count from 1, and are null where
no text is at hand:

```json
{_as_json()}
```

## All codes
"""


def write() -> None:
    """Write the page anew."""
    Path(PAGE).write_text(page(), encoding="utf-8")
