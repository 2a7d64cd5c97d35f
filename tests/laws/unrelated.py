"""Law 1: a declaration that nothing refers to changes no other line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.laws.billing import Data, Figures, RefusedError, bills, data_of, lines, unlike
from tests.laws.law import Law, ask_that
from tests.reference.cases import MONTHS, Case, Declaration

Added = tuple[list[Declaration], Data]
"""Declarations, and what the account does with them: more of the lists of its data."""

_OF_ITSELF = {"A303", "R220"}
"""What is refused of the added line itself: usage runs past its periods, or a sum of months cannot hold it."""

_SUMS = {"charges", "subtotal", "total"}
_LINES = ("charge", "discount", "tax")
_WORD = re.compile(r"\w+")


def _declared(head: str, *statements: str) -> Declaration:
    return Declaration(head, statements)


def _day(random: Random) -> str:
    return f"{random.choice(MONTHS[1:])}-{random.randint(1, 28):02}T{random.randint(0, 23):02}:00:00Z"


def _meter(case: Case, random: Random, name: str) -> Added:
    """A meter of its own, with a line or without, whose usage is like that of others."""
    every = random.choice(("day", "week", "month", "quarter", "record"))
    charge = _declared(f"charge {name}_fee", f"on {name}", f"every {every}", "rate 1 USD/pic")
    measure = random.choice(("sum(quantity)", "count() * 1 pic", "highest(quantity)"))
    if every == "record":
        measure = "sum(quantity)"
    meter = _declared(f"meter {name}", "field region text = eu", f"measure {measure} in pics")
    used = [{"meter": name, "at": _day(random), "quantity": "3 pics"} for _ in range(3)]
    return [meter, *random.choice(([], [charge]))], {"usage": used}


def _reader(case: Case, random: Random, name: str) -> Added:
    """A meter that reads the records of another, with a line or without."""
    read = _first(case, "meter", random)
    if read is None or any("reads " in each for each in read.statements):
        return _meter(case, random, name)
    of = read.head.split()[1]
    measure = random.choice(("sum(times * 1 pic)", "count() * 1 pic", "highest(times) * 1 pic"))
    every = random.choice(("day", "month", "month"))
    charge = _declared(f"charge {name}_fee", f"on {name}", f"every {every}", "rate 1 USD/pic")
    meter = _declared(f"meter {name}", f"reads {of}", f"measure {measure} in pics")
    return [meter, *random.choice(([], [charge]))], {}


def _line(case: Case, random: Random, name: str) -> Added:
    """One more line: of itself, or on a meter that has no order of its own."""
    ordered = {part.head.split()[1] for part in case.declarations if part.head.startswith("deduct ")}
    meter = _first(case, "meter", random)
    every = random.choice(("day", "week", "month", "quarter", "month on day 15"))
    if meter is None or random.random() < 0.3:
        return [_declared(f"charge {name}", f"every {every}", "amount 3 USD")], {}
    of = meter.head.split()[1]
    unit = meter.statements[-1].rpartition(" in ")[2]
    if of in ordered or random.random() < 0.3:
        price = f"amount {of} * 1 USD / 1 {unit}"
        return [_declared(f"charge {name}", f"every {every}", price)], {}
    return [_declared(f"charge {name}", f"on {of}", f"every {every}", f"rate 1 USD / 1 {unit}")], {}


def _pool(case: Case, random: Random, name: str) -> Added:
    """A quota of a meter of its own, given or bought, or of the money of a line of its own."""
    meter = _declared(f"meter {name}_m", "measure sum(quantity) in pics")
    charge = _declared(f"charge {name}_fee", f"on {name}_m", "every month", "rate 1 USD/pic")
    used = [{"meter": f"{name}_m", "at": _day(random), "quantity": "30 pics"} for _ in range(2)]
    kind = random.choice(("grant", "package", "money"))
    if kind == "money":
        pool = _declared(f"grant {name}", f"covers {name}_fee", "size 5 USD", "renews every month")
        order = Declaration(f"deduct {name}_fee from {name}", bare=True)
        return [meter, charge, pool, order], {"usage": used}
    order = Declaration(f"deduct {name}_m from {name} > {name}_fee", bare=True)
    if kind == "grant":
        pool = _declared(f"grant {name}", f"covers {name}_m", "size 10 pics", "renews every week")
        return [meter, charge, pool, order], {"usage": used}
    pool = _declared(
        f"package {name}", f"covers {name}_m", "sizes { 20 pics 2 USD }", "valid 1 month", "refund in full"
    )
    bought = {"id": f"{name}1", "package": name, "size": "20 pics", "at": _day(random)}
    return [meter, charge, pool, order], {"usage": used, "purchases": [bought]}


def _thing(case: Case, random: Random, name: str) -> Added:
    """A setting that the account changes, a table, a formula, a unit, a limit, a tax or a discount of another line."""
    meter = _declared(f"meter {name}_m", "measure sum(quantity) in pics")
    made: dict[str, Added] = {
        "setting": ([Declaration(f"setting {name} = off", bare=True)], {}),
        "table": ([_declared(f"table {name} by region in USD", "eu 1", "us 2")], {}),
        "define": ([Declaration(f"define {name} = 3 pics", bare=True)], {}),
        "unit": ([Declaration(f"unit {name}", bare=True)], {}),
        "limit": ([meter, _declared(f"limit {name}", f"on {name}_m", "default 3 pics", "extend 1 pic for 2 USD/day",
                   "shared by account and subaccounts")], {}),
        "tax": ([_declared(f"charge {name}_f", "every month", "amount 4 USD"),
                 _declared(f"tax {name}", f"on {name}_f", "rate 10%")], {}),
        "discount": ([_declared(f"charge {name}_f", "every month", "amount 4 USD"),
                      _declared(f"discount {name}", f"on {name}_f", "rate 10%")], {}),
    }  # fmt: skip
    return made[random.choice(list(made))]


def _first(case: Case, word: str, random: Random) -> Declaration | None:
    found = [part for part in case.declarations if part.head.startswith(f"{word} ")]
    return random.choice(found) if found else None


def _law(add: Callable[[Case, Random, str], Added]) -> Callable[[Case, Random], str | None]:
    def breach(case: Case, random: Random) -> str | None:
        name = random.choice(("a_new", "m1_new", "zz_new"))
        added, more = add(case, random, name)
        data = data_of(case)
        there = bills(case.text(), data, *case.months)
        parts = [*case.declarations, *added]
        random.shuffle(parts)
        other = replace(case, declarations=tuple(parts)).text()
        wider = {**data, **{part: [*data.get(part, []), *each] for part, each in more.items()}}
        try:
            back = bills(other, wider, *case.months)
        except RefusedError as error:
            ask_that(not error.codes & _OF_ITSELF)
            ask_that(
                "A501" not in error.codes
            )  # a discount on a sum, which has grown by what is less than it takes off
            return f"{''.join(each.text() for each in added)}\nrefused: {error}"
        sums = _on_sums(case)
        read = {word for part in added for each in part.statements for word in _WORD.findall(each)}
        mine = [line for line in lines(there) if _apart(line, sums, read)]
        after = [line for line in lines(back) if _apart(line, sums, read) and name not in line["source"]]
        found = unlike(mine, after)
        return f"{[each.text() for each in added]} {more}\n{found}" if found else None

    return breach


def _on_sums(case: Case) -> set[str]:
    """The lines that are on a sum of the bill, or on such a line, and what pays for them; each tax, where a discount on
    one is spread over charges."""
    found = set(_SUMS)
    size = 0
    while size != len(found):
        size = len(found)
        shared = any(
            "spread by amount" in part.statements and part.head.split()[1] in found for part in case.declarations
        )
        for part in case.declarations:
            word, name = part.head.split()[:2]
            named = {each for statement in part.statements for each in _WORD.findall(statement)}
            if named & found and word in (*_LINES, "grant", "package", "define"):
                found.add(name)
            if shared and word == "tax":
                found.add(name)
    return found


def _apart(line: Figures, sums: set[str], read: set[str]) -> bool:
    """Whether a line has nothing to do with a sum, neither is on one nor pays one, and does not tell late usage of
    a meter that nobody served before, and that what is added names."""
    if line["kind"] == "correction" and line["corrects"] == "usage" and line["source"] in read:
        return False
    return line["source"] not in sums and not (line["kind"] == "payment" and line["pays"] in sums)


_SAYS = "changes no other line, but those on a sum"
LAWS = (
    Law("one more meter", f"a meter that no line names {_SAYS}", _law(_meter)),
    Law("one more reader", f"a meter that reads another one's records {_SAYS}", _law(_reader)),
    Law("one more line", f"a line that no line names {_SAYS}", _law(_line)),
    Law("one more quota", f"a quota of something else {_SAYS}", _law(_pool)),
    Law("one more thing", f"a setting, table, formula, unit, limit, tax or discount of something else {_SAYS}",
        _law(_thing)),
)  # fmt: skip
