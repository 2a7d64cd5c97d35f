"""Laws of pools on random accounts: nothing lost, no order of the data matters, a month goes on where one ended,
and everything is as an independent calculation has it that draws a quarter of a unit at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whenever import Instant

from ratewright.usage.model import Request, Usage
from tests.rating.accounts import account, ask, bills, buy, carried, changed, drawn, event, tariff
from tests.rating.pool_oracle import DAYS, Bought, Oracle, Rules, day_name
from tests.tries import tries

FIRST, LAST = "2026-01", "2026-05"
REGIONS = ("EU", "US")
KINDS = {"half": Fraction(1, 2), "whole": Fraction(1), "double": Fraction(2)}
KEYS = {
    "soonest expiry": lambda q: q.ends,
    "latest expiry": lambda q: -q.ends,
    "soonest end": lambda q: q.end,
    "latest end": lambda q: -q.end,
    "oldest purchase": lambda q: q.bought,
    "newest purchase": lambda q: -q.bought,
    "oldest start": lambda q: q.begins,
    "newest start": lambda q: -q.begins,
    "smallest remaining": lambda q: q.left,
    "largest remaining": lambda q: -q.left,
    "narrowest scope": lambda q: q.region is None,
    "widest scope": lambda q: q.region is not None,
}


@dataclass(frozen=True)
class Case:
    """Pools of one rank, what was bought of them, and usage of days."""

    pools: tuple[Rules, ...]
    grant: Rules | None
    draws: str
    bought: tuple[tuple[int, int, str | None], ...]
    used: tuple[tuple[int, int, str, str], ...]
    order: str = ""

    @property
    def text(self) -> str:
        pools = [*self.pools, *([self.grant] if self.grant else [])]
        written = "\n".join(self._pool(p) for p in pools)
        return f"""
        table weight by kind {{ half 0.5; whole 1; double 2 }}
        meter m {{ field region one of EU, US; field kind one of half, whole, double; measure sum(quantity) in calls }}
        {written}
        charge fee {{ on m; every month; rate 1 USD/call }}
        deduct m {self.order} from {", ".join(p.name for p in pools)} > fee
        """

    def _pool(self, p: Rules) -> str:
        lines = ["covers m at weight[kind]", f"draws {self.draws}"]
        if p is self.grant:
            lines += [f"size {p.size} calls", "issued once on activation"]
        else:
            lines += [f"sizes {{ {p.size} calls 1 USD }}", "refund paid / 2 if drawn < 20 calls"]
        if p.scoped:
            lines.append("scope region")
        if p.valid is not None:
            lines.append(f"valid {p.valid} days")
        if p.renews:
            lines.append(f"renews every {p.renews}")
        if p.rolls is not None or p.most is not None:
            lines.append(
                f"rolls over{f' for {p.rolls} days' if p.rolls is not None else ''}"
                f"{f' up to {p.most} calls' if p.most is not None else ''}"
            )
        return f"{'grant' if p is self.grant else 'package'} {p.name} {{ {'; '.join(lines)} }}"

    @property
    def usage(self) -> Usage:
        purchases = [
            buy(
                f"b{n}",
                day_name(day),
                self.pools[pool].size,
                self.pools[pool].name,
                **({"region": region} if region else {}),
            )
            for n, (pool, day, region) in enumerate(self.bought)
        ]
        return account(*self._records(), activated="2026-01-01", purchases=tuple(purchases))

    def requests(self, asked: list[tuple[int, int]]) -> tuple[Request, ...]:
        """Refunds of purchases by their number, so many days after they were bought and while they are valid: of a
        lot that is over the balances do not tell how much had been drawn."""
        found = {}
        for number, after in asked:
            if number < len(self.bought):
                pool, day, _ = self.bought[number]
                found[f"b{number}"] = day + min(after, (self.pools[pool].valid or DAYS) - 1)
        return tuple(ask(name, day_name(day)) for name, day in found.items())

    def _records(self):
        for day, amount, region, kind in self.used:
            yield event(f"{day_name(day)} 12:00", amount, region=region, kind=kind)

    @property
    def oracle(self) -> Oracle:
        held = [Bought(f"b{n}", self.pools[pool], day, region) for n, (pool, day, region) in enumerate(self.bought)]
        if self.grant is not None and self.grant.scoped:
            seen = {region for _, _, region, _ in self.used}
            held += [Bought(f"gift[{region}]", self.grant, 0, region, given=True) for region in sorted(seen)]
        elif self.grant is not None:
            held.append(Bought("gift", self.grant, 0, None, given=True))
        return Oracle(held, KEYS[self.draws])


@st.composite
def rules_of(draw, name: str, plain: bool) -> Rules:
    """`plain` cycles are those that the oracle knows."""
    origin = "activation" if name == "gift" else "purchase"
    more = [] if plain else [f"month from {origin}", f"week from {origin}", "month on day 31", "6 hours", "quarter"]
    renews = draw(st.sampled_from([None, "day", "week", "month", "month", *more]))
    rolls = most = None
    if renews and draw(st.booleans()):
        rolls = draw(st.sampled_from([None, 1, 7, 31, 60]))
        most = draw(st.sampled_from([None, 5, 12]))
    valid = draw(st.sampled_from([None, 10, 40, 75]))
    return Rules(name, draw(st.integers(2, 12)), valid, renews, rolls, most, draw(st.booleans()))


@st.composite
def cases(draw, for_oracle: bool = False, draws: str | None = None) -> Case:
    """`draws`: how lots are drawn, where that is given. For the oracle each day has one record: those of one instant
    have an order of their own."""
    pools = tuple(draw(rules_of(f"p{n}", for_oracle)) for n in range(draw(st.integers(1, 2))))
    grant = draw(st.none() | rules_of("gift", for_oracle))
    number = len(pools) - 1
    days = st.integers(0, DAYS - 1)
    bought = []
    for pool, day in draw(st.lists(st.tuples(st.integers(0, number), days), max_size=4)):
        bought.append((pool, day, draw(st.sampled_from([None, *REGIONS])) if pools[pool].scoped else None))
    records = st.tuples(days, st.integers(1, 20), st.sampled_from(REGIONS), st.sampled_from(list(KINDS)))
    used = draw(st.lists(records, max_size=7, unique_by=(lambda r: r[0]) if for_oracle else None))
    return Case(pools, grant, draws or draw(st.sampled_from(list(KEYS))), tuple(bought), tuple(used))


def rated(case: Case, usage: Usage | None = None, *names: str):
    return bills(tariff.__wrapped__(case.text), usage or case.usage, *(names or (FIRST, LAST)))


@pytest.mark.parametrize("draws", KEYS)
@given(data=st.data())
@tries(19)
def test_every_lot_gives_what_the_oracle_says(draws, data):
    case = data.draw(cases(for_oracle=True, draws=draws))
    oracle = case.oracle
    rest = Fraction(0)
    for day, amount, region, kind in sorted(case.used):
        rest += oracle.serve(day, amount, region, KINDS[kind])
    made = rated(case)
    assert drawn(made) == oracle.drawn()
    assert sum(q for one in made for m in one.meters for _, q in m.charged) == rest


def kept_in_time(rules: Rules | None) -> Rules | None:
    """The same without what rolls over, which usage out of order would meet too late."""
    return None if rules is None else replace(rules, rolls=None, most=None)


@pytest.mark.parametrize("draws", KEYS)
@given(data=st.data())
@tries(19)
def test_usage_that_is_served_in_another_order_than_that_of_time(draws, data):
    case = data.draw(cases(for_oracle=True, draws=draws))
    case = replace(
        case,
        pools=tuple(kept_in_time(p) for p in case.pools),
        grant=kept_in_time(case.grant),
        order="in order of kind, region",
    )
    oracle = case.oracle
    oracle.reach(DAYS - 1)
    kinds = list(KINDS)

    def place(record):
        day, _, region, kind = record
        return day_name(day)[:7], kinds.index(kind), REGIONS.index(region), day

    rest = Fraction(0)
    for day, amount, region, kind in sorted(case.used, key=place):
        rest += oracle.serve(day, amount, region, KINDS[kind])
    made = rated(case)
    assert drawn(made) == oracle.drawn()
    assert sum(q for one in made for m in one.meters for _, q in m.charged) == rest


@pytest.mark.parametrize("draws", KEYS)
@pytest.mark.parametrize("cut", range(1, 5))
@given(
    data=st.data(),
    asked=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 90)), max_size=2),
    keep=st.booleans(),
)
@tries(6)
def test_month_after_month_is_all_months_at_once(draws, data, asked, cut, keep):
    case = data.draw(cases(draws=draws))
    usage = changed(case.usage, refunds=case.requests(asked))
    whole = rated(case, usage)
    last = whole[cut - 1]
    opening: Instant = last.period.end
    held = {b.lot.split("@")[0] for b in last.balances}

    def later(moment) -> bool:
        return str(moment) >= f"2026-0{cut + 1}"

    held |= {p.id for p in usage.purchases if later(p.at)}
    after = changed(
        usage,
        opening=opening,
        balances=carried(last),
        records=tuple(r for r in usage.records if later(r.start)),
        purchases=tuple(p for p in usage.purchases if keep or later(p.at)),
        refunds=tuple(r for r in usage.refunds if later(r.at) and r.purchase in held),
    )
    again = rated(case, after, f"2026-0{cut + 1}", LAST)
    for one, other in zip(again, whole[cut:], strict=True):
        assert (one.total, drawn(one), carried(one)) == (other.total, drawn(other), carried(other))


@pytest.mark.parametrize("draws", KEYS)
def test_the_oracle_and_the_engine_on_one_full_case(draws):
    """A case with everything in it, so that the random ones are known to be about something."""
    pools = (Rules("p0", 12, 75, "month", 31, 12, scoped=True), Rules("p1", 7, 40, None))
    gift = Rules("gift", 5, None, "week", 7, None, scoped=True)
    used = tuple((day, 5 + day % 11, REGIONS[day % 2], list(KINDS)[day % 3]) for day in range(3, 150, 4))
    case = Case(pools, gift, draws, ((0, 2, "EU"), (0, 20, None), (1, 30, None), (1, 31, None)), used)
    oracle = case.oracle
    rest = sum(oracle.serve(day, amount, region, KINDS[kind]) for day, amount, region, kind in used)
    made = rated(case)
    assert drawn(made) == oracle.drawn()
    assert len(drawn(made)) > 20
    assert sum(q for one in made for m in one.meters for _, q in m.charged) == rest > 0
