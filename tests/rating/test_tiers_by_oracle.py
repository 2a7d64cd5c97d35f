"""Tiers of random bounds against what a few lines of Python make of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ratewright.derivation.trace import GraduatedTrace, VolumeTrace
from ratewright.meaning import nodes as tree
from tests.rating.accounts import account, bill, charged, event, tariff
from tests.rating.price_lists import EXACT, METER, TINY

# ---------------------------------------------------------------- tiers against an oracle


@dataclass(frozen=True)
class Row:
    """A tier: its bound (None: beyond), whether that belongs to it, and its price."""

    bound: Fraction | None
    inside: bool
    rate: Fraction
    flat: Fraction
    block: tuple[Fraction, Fraction] | None

    def text(self) -> str:
        word = (
            "beyond" if self.bound is None else f"{'up to' if self.inside else 'below'} ({number(self.bound)} * 1 call)"
        )
        terms = [f"({number(self.rate)}) * 1 USD/call"] if self.rate else []
        terms += [f"({number(self.flat)}) * 1 USD"] if self.flat else []
        if self.block:
            terms.append(f"({number(self.block[1])}) * 1 USD per started {number(self.block[0])} calls")
        return f"{word} {' + '.join(terms or ['0 USD'])}"

    def costs(self, quantity: Fraction) -> Fraction:
        found = self.rate * quantity + self.flat
        if self.block:
            size, each = self.block
            blocks = 0
            while blocks * size < quantity:
                blocks += 1
            found += blocks * each
        return found


def number(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"{value.numerator} / {value.denominator}"


def text_of(value: Fraction) -> str:
    return f"{value} calls"


money = st.builds(Fraction, st.integers(0, 300), st.sampled_from([100, 1, 7]))


@st.composite
def tables(draw) -> list[Row]:
    bounds = sorted(draw(st.sets(st.builds(Fraction, st.integers(1, 90), st.sampled_from([1, 2, 3])), max_size=4)))
    rows = []
    for bound in [*bounds, None]:
        block = (Fraction(draw(st.integers(1, 12))), draw(money)) if draw(st.booleans()) else None
        rows.append(Row(bound, draw(st.booleans()), draw(money), draw(money), block))
    return rows


@st.composite
def uses(draw, rows: list[Row]) -> Fraction:
    near = [row.bound + gap for row in rows if row.bound is not None for gap in (0, TINY, -TINY, 1, -1)]
    anywhere = st.builds(Fraction, st.integers(1, 120), st.sampled_from([1, 2, 3, 7]))
    used = draw(st.one_of(anywhere, st.sampled_from(near)) if near else anywhere)
    return max(used, TINY)


tables_and_uses = tables().flatmap(lambda rows: st.tuples(st.just(rows), uses(rows)))


def tiered(word: str, rows: list[Row]) -> tree.Tariff:
    text = "\n".join(row.text() for row in rows)
    return tariff(f"{METER}charge fee {{ on m; every month; {word} {{\n{text}\n}} }}", EXACT)


@given(tables_and_uses)
def test_volume_takes_the_whole_quantity_at_the_row_it_reaches(case):
    rows, used = case
    reached = 0
    while (bound := rows[reached].bound) is not None and not (used < bound or (rows[reached].inside and used == bound)):
        reached += 1
    made = bill(tiered("volume", rows), account(event("2026-03-02", text_of(used))))
    assert charged(made) == rows[reached].costs(used)
    (line,) = made.lines
    traced = line.why.price
    assert isinstance(traced, VolumeTrace)
    assert [t.reached for t in traced.tiers] == [n == reached for n in range(len(rows))]
    assert [t.upper for t in traced.tiers] == [row.bound for row in rows]
    assert [t.upper_inside for t in traced.tiers][:-1] == [row.inside for row in rows][:-1]
    assert [t.lower_inside for t in traced.tiers][1:] == [not row.inside for row in rows][:-1]
    for tier in traced.tiers[reached + 1 :]:
        assert tier.short_by == tier.lower - used


@given(tables_and_uses)
def test_graduated_takes_each_slice_at_its_own_row(case):
    rows, used = case
    expected = Fraction(0)
    below, below_inside = Fraction(0), False
    slices, entered = [], []
    for row in rows:
        top = used if row.bound is None else min(used, row.bound)
        slices.append(max(top - below, Fraction(0)))
        entered.append(used > below or (used == below and not below_inside))
        if entered[-1]:
            expected += row.costs(slices[-1])
        below, below_inside = row.bound if row.bound is not None else below, row.inside
    made = bill(tiered("graduated", rows), account(event("2026-03-02", text_of(used))))
    assert charged(made) == expected
    traced = made.lines[0].why.price
    assert isinstance(traced, GraduatedTrace)
    assert [tier.slice for tier in traced.tiers] == slices
    assert [tier.reached for tier in traced.tiers] == entered
    for tier in traced.tiers:
        assert tier.short_by == (None if tier.reached or tier.lower < used else tier.lower - used)
    assert sum(slices) == used


@given(tables_and_uses)
def test_graduated_cares_whether_a_bound_is_inside_at_that_bound_only(case):
    rows, used = case
    other = [Row(r.bound, not r.inside, r.rate, r.flat, r.block) for r in rows]
    usage = account(event("2026-03-02", text_of(used)))
    one, two = (charged(bill(tiered("graduated", table), usage)) for table in (rows, other))
    at = [n for n, row in enumerate(rows) if row.bound == used]
    more = sum(rows[n + 1].flat * (-1 if rows[n].inside else 1) for n in at)
    assert one - two == more


def test_what_is_missing_at_a_bound_that_is_in_the_row_is_nothing():
    """The next row is not reached, and nothing is missing to it but anything more."""
    rules = tariff(f"{METER}charge fee {{ on m; every month; graduated {{ up to 9 1 USD/call; beyond 2 USD }} }}")
    first, second = bill(rules, account(event("2026-03-02", 9))).lines[0].why.price.tiers
    assert (first.reached, first.short_by) == (True, None)
    assert (second.reached, second.short_by) == (False, 0)
