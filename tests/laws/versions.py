"""Versions of a list: where the words stay the same nothing changes, and each part of a split period stands alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

from msgspec.structs import replace as with_fields
from whenever import Date, Instant

from ratewright.diagnostics import Source
from ratewright.plan.plan import plan_of
from ratewright.rating.bill import Bill
from ratewright.rating.corrections import rate_account
from ratewright.usage import read
from tests.laws.billing import Data, Figures, RefusedError, data_of, figures, lines, priced, unlike, without_next_cycles
from tests.laws.law import Law, ask_that
from tests.rating.accounts import periods_of
from tests.reference.account import Record
from tests.reference.cases import Case

_FIRST = Date(2020, 1, 1)
_NO_PERIOD_BEGINS = {"A204", "A209", "A301", "A302"}
"""Why versions refuse what one list bills: no period begins at the change, or a record would be cut there."""


def _same_words(case: Case, random: Random) -> str | None:
    """A list that is published again, in the same words, from a month on."""
    text, data = case.text(), data_of(case)
    ask_that(not re.search("effective|scope", text))  # a grant is given for the values that occur from then on
    whole = _by_versions(case, data, (_FIRST, None), splits=False)
    day = Date.parse_iso(f"{random.choice(case.months[1:])}-01")
    try:
        made = _by_versions(case, data, (_FIRST, day, None), splits=False)
    except RefusedError as error:
        ask_that(not error.codes & _NO_PERIOD_BEGINS)
        return f"changed on {day}: refused: {error}"
    ask_that(len(made) == len(whole))  # a week that runs on cuts its month's bill in two
    return unlike([_unnamed(bill) for bill in whole], [_unnamed(bill) for bill in made])


def _unnamed(bill: Bill) -> Figures:
    """A bill without the times of its list, and without the cycles that the list gives that holds when it ends."""
    return {name: part for name, part in without_next_cycles(figures(bill)).items() if name != "price_list"}


def _parts(case: Case, random: Random) -> str | None:
    """A period that a change splits, and what was used in each part billed by its version alone."""
    case = _without_quotas(case)
    ask_that(not re.search(r"effective| since |activation|place\(", case.text()))  # what counts on over a change
    ask_that(not any(record.reported for record in case.account.records) and not case.account.results)
    month = random.choice(case.months)
    day = Date.parse_iso(f"{month}-{random.randint(2, 28):02}")
    change = priced(case.text()).calendar.instant(day)
    records = [(begin, begin if r.end is None else Instant(f"{r.end}Z"), used) for begin, r, used in _records(case)]
    ask_that(not any(begin < change < end for begin, end, _ in records))
    data = data_of(case)
    before, after = ([used for begin, _, used in records if (begin < change) is early] for early in (True, False))
    made = _by_versions(case, data, (_FIRST, day, None), splits=True)
    one = _by_versions(
        case, {**data, "usage": before}, (_FIRST, day), splits=True, months=[m for m in case.months if m <= month]
    )
    other = _by_versions(
        case, {**data, "usage": after}, (day, None), splits=True, months=[m for m in case.months if m >= month]
    )
    return unlike(lines([*one, *other]), lines(made))


def _without_quotas(case: Case) -> Case:
    kept = tuple(p for p in case.declarations if p.head.split()[0] not in ("grant", "package", "deduct"))
    return replace(
        case, declarations=kept, account=replace(case.account, purchases=(), refunds=(), withdrawals=(), sizes=())
    )


def _records(case: Case) -> list[tuple[Instant, Record, Data]]:
    """The records with when they begin, and as they stand in the data."""
    used = zip(case.account.records, data_of(case)["usage"], strict=True)
    return [(Instant(f"{record.start.isoformat()}Z"), record, data) for record, data in used]


def _by_versions(
    case: Case, data: Data, days: tuple[Date | None, ...], *, splits: bool, months: Sequence[str] = ()
) -> list[Bill]:
    """The bills of a case by as many versions as there are stretches between days. Raises RefusedError."""
    rules = priced(case.text())
    usage, problems = read(Source("a.json", json.dumps(data)))
    if usage is None:
        raise RefusedError(problems)
    versions = [
        plan_of(with_fields(rules.tree, effective=start, until=end, splits=splits)) for start, end in pairwise(days)
    ]
    periods = periods_of(rules.tree, *(months or case.months))
    found, problems = rate_account(versions, usage, periods)
    if problems:
        raise RefusedError(problems)
    return found


LAWS = (
    Law("the same words", "a version in the words of the one before it changes no bill", _same_words),
    Law("parts", "each part of a period that a change splits is billed by its version alone", _parts),
)
