"""Random price lists, as text, with random usage: every construct in combination, from a seed."""

from __future__ import annotations

from datetime import datetime
from random import Random

from tests.reference.cases import MONTHS, REGIONS, Case, Draft
from tests.reference.clock import Clock
from tests.reference.random_lines import add_charges
from tests.reference.random_meters import add_meters
from tests.reference.random_money import add_money
from tests.reference.random_pools import add_pools, fill_pools, order_of
from tests.reference.random_sentences import with_sentences
from tests.reference.random_usage import add_account

ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York")


def random_case(seed: int) -> Case:
    draft = Draft(Random(seed))
    clock = Clock(draft.pick(*ZONES))
    earliest = _add_head(draft, clock)
    add_meters(draft)
    for meter in draft.meters:
        add_pools(draft, meter)
    add_charges(draft)
    add_money(draft)
    fill_pools(draft)
    for name, chain in draft.chains.items():
        ends = draft.charges.get(name, [])
        ranks = [*chain, ", ".join(ends)] if ends else chain
        draft.add(f"deduct {name}{order_of(draft, name)} from {' > '.join(ranks)}", bare=True)
    head, rest = draft.parts[:1], draft.parts[1:]
    draft.random.shuffle(rest)
    case, random = Case((*head, *rest), add_account(draft, clock, earliest)), Random(f"sentences {seed}")
    return with_sentences(case, random) if random.random() < 0.3 else case


def _add_head(draft: Draft, clock: Clock) -> datetime:
    """What every list declares. Returns from when on it is in force."""
    effective = ""
    if draft.maybe(0.1):
        effective = f"effective from {MONTHS[0]}-05"
    draft.add('tariff random "Random"', "currency USD", f'timezone "{clock.zone.key}"', _rounding(draft), effective)
    for unit in ("pic, pics", "hit, hits", "kW"):
        draft.add(f"unit {unit}", bare=True)
    draft.add("setting pro = off", bare=True)
    draft.add("setting plan one of free, pro_plan, max_plan = free", bare=True)
    draft.add("setting base in pics = 10 pics", bare=True)
    draft.add("setting first_day date = 2026-02-10", bare=True)
    named = REGIONS[: draft.number(1, len(REGIONS))]
    rest = [f"else {draft.money()}"] if named != REGIONS or draft.maybe(0.2) else []
    draft.add("table price_of by region in USD", *(f"{each} {draft.money()}" for each in named), *rest)
    bounds = (f"{draft.pick('below', 'up to')} {bound} pics {draft.money()}" for bound in (5, 20))
    draft.add("table steps by amount in USD/pic", *bounds, f"beyond {draft.money()}")
    draft.add("table kind_of by day", f"{MONTHS[0]}-10 or {MONTHS[1]}-03 free", f"{MONTHS[1]}-01 half", "else dear")
    plans = (f"{each} {draft.money()} USD {draft.number(1, 30)}%" for each in ("free", "pro_plan", "max_plan"))
    draft.add("table plan_fee by plan", "fee share", *plans)
    draft.add("define extra = if pro then 2 else 1", bare=True)
    start = clock.month(MONTHS[0]).start
    return clock.instant(datetime(2026, 2, 5)) if effective else start


def _rounding(draft: Draft) -> str:
    form = draft.pick(
        "",
        "",
        "none",
        "half even to 0.01 USD",
        "up to 0.05 USD per line",
        "down to 0.001 USD per line",
        "half up to 0.01 USD per bill",
        "up to 1 USD per bill",
    )
    return f"rounding {form}" if form else ""
