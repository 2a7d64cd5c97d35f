"""Random accounts on small tariffs, for the laws that hold whatever an account does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from hypothesis import strategies as st
from whenever import Instant

from ratewright.meaning import nodes as tree
from ratewright.usage.model import Usage
from tests.rating.accounts import account, amount, ask, buy, event, setting, tariff

FIRST, LAST = "2026-01", "2026-05"


@dataclass(frozen=True)
class Market:
    """A tariff and what accounts may buy and set there. `fine` quantities are fractions."""

    name: str
    body: str
    meters: tuple[str, ...]
    sizes: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unit: str = "calls"
    fine: bool = False
    head: str = 'currency USD; timezone "UTC"'
    by_remaining: bool = False
    several_charges: bool = False

    @property
    def rules(self) -> tree.Tariff:
        return tariff(self.body, self.head)

    def __repr__(self) -> str:
        return self.name


PLAIN = Market(
    "plain",
    """
    setting postpaid = off
    meter m { measure sum(quantity) in calls }
    grant free { covers m; size 30 calls; issued once on activation; valid 40 days }
    package pack {
      covers m; sizes { 10 calls 1 USD; 50 calls 4 USD }; valid 1 month from purchase
      refund in full within 7 days of purchase if unused
      refund paid / 2 within 20 days of purchase if drawn < 5 calls
    }
    charge fee {
      on m; every month; when postpaid
      volume { below 20 0.10 USD/call; up to 100 0.07 USD/call + 1 USD; beyond 0.05 USD/call }
    }
    deduct m from free > pack > fee
    """,
    ("m",),
    (("pack", "10"), ("pack", "50")),
    (("postpaid", ("on", "off")),),
)

SHARED = Market(
    "shared rank, frozen pool, a minimum",
    """
    setting plan one of basic, pro = basic
    meter m { measure sum(quantity) in calls }
    package short { covers m; sizes { 5 calls 1 USD; 20 calls 3 USD }; valid 3 days from purchase
                  draws newest purchase }
    package long { covers m; sizes { 40 calls 5 USD }; valid 1 month from start of day(purchase)
                    draws newest purchase; when plan == pro; refund 1 USD if unused }
    charge fee {
      on m; every month; minimum 2 USD; maximum 6 USD
      graduated { up to 10 0 USD; next 30 0.10 USD/call; beyond 2 USD per started 7 calls }
    }
    deduct m from short, long > fee
    """,
    ("m",),
    (("short", "5"), ("short", "20"), ("long", "40")),
    (("plan", ("basic", "pro")),),
)

DAILY = Market(
    "fractions, by the day and the month, nothing rounded",
    """
    meter m { measure sum(quantity) in GB }
    meter n { measure sum(quantity / 3) in GB }
    package pack { covers m; sizes { 1.5 GB 1.1 USD; 4 GB 3 USD }; valid 1 week from purchase
                   draws latest expiry, then oldest purchase }
    charge fee { on m; every day; rate (1 / 3) * 1 USD/GB }
    charge tier { on m; every month; volume { below 2.5 GB 0.7 USD/GB; up to 7 GB 0.1 USD/GB; beyond 0.05 USD/GB } }
    charge other { on n; every month; graduated { below 1 GB 1 USD/GB; beyond 0.3 USD/GB } }
    charge share { every month; amount 10% of fee + other / 7 }
    deduct m from pack > fee, tier
    """,
    ("m", "n"),
    (("pack", "1.5 GB"), ("pack", "4 GB")),
    unit="GB",
    fine=True,
    head='currency USD; timezone "Europe/Berlin"; bytes by 1000; rounding none',
    several_charges=True,
)

GREEDY = Market(
    "smallest first, no charge",
    """
    meter m { measure sum(quantity) in calls }
    grant free { covers m; size 25 calls; issued once on activation; draws smallest remaining }
    package pack { covers m; sizes { 7 calls 1 USD; 30 calls 2 USD }; valid 20 days from purchase
                   draws smallest remaining; refund paid * (size - drawn) / size }
    deduct m from free, pack
    """,
    ("m",),
    (("pack", "7"), ("pack", "30")),
    head='currency JPY; timezone "America/Santiago"; rounding down to 1 JPY',
    by_remaining=True,
)
GREEDY = replace(GREEDY, body=GREEDY.body.replace("USD", "JPY"))

ALTERNATIVES = Market(
    "charges that exclude each other by quantity",
    """
    setting plan one of basic, pro = basic
    meter m { measure sum(quantity) in calls }
    package pack { covers m; sizes { 10 calls 1 USD }; valid 1 month from purchase }
    charge small { on m; every day; when quantity < 12 calls; rate 0.10 USD/call }
    charge large { on m; every day; when quantity >= 20 calls; rate 0.05 USD/call }
    deduct m from pack > small, large
    """,
    ("m",),
    (("pack", "10"),),
    head='currency USD; timezone "UTC"; rounding half even to 0.01 USD per bill',
    several_charges=True,
)

MARKETS = (PLAIN, SHARED, DAILY, GREEDY, ALTERNATIVES)

BEGIN = Instant.from_utc(2026, 1, 2)
HOURS = 24 * 120


@st.composite
def instants(draw) -> Instant:
    """From 2 January to the end of April, often at round hours, so that things meet."""
    hours = draw(st.integers(0, HOURS))
    return BEGIN.add(hours=hours, seconds=draw(st.sampled_from([0, 0, 0, 1, 3599])))


@st.composite
def accounts(draw, market: Market) -> Usage:
    """Activated on 1 January; records, purchases, refunds and settings at random."""
    whole = st.integers(1, 60)
    fine = st.builds(Fraction, st.integers(1, 400), st.sampled_from([10, 7, 100, 1]))
    records = [
        event(
            draw(instants()),
            amount(f"{draw(fine if market.fine else whole)} {market.unit}"),
            draw(st.sampled_from(market.meters)),
        )
        for _ in range(draw(st.integers(0, 10)))
    ]
    purchases = [
        buy(f"p{n}", draw(instants()), size, package, draw(st.integers(1, 3)))
        for n in range(draw(st.integers(0, 5)) if market.sizes else 0)
        for package, size in [draw(st.sampled_from(market.sizes))]
    ]
    refunds = []
    for purchase in purchases:
        for number in draw(st.sets(st.integers(0, purchase.count), max_size=2)):
            name = f"{purchase.id}#{number}" if number and purchase.count > 1 else purchase.id
            at = purchase.at.add(hours=draw(st.integers(0, 24 * 12)))  # type: ignore[union-attr]
            refunds.append(ask(name, at))
    refunds = list({(r.purchase, r.at): r for r in refunds}.values())
    changes = [
        setting(name, draw(st.sampled_from(values)), at)
        for name, values in market.settings
        for at in draw(st.lists(instants(), max_size=3, unique=True))
    ]
    return account(
        *records,
        activated="2026-01-01",
        purchases=tuple(purchases),
        refunds=tuple(refunds),
        settings=tuple(changes),
    )
