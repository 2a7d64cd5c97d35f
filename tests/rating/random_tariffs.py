"""Random price lists over the constructs of the language, as text, each with a random account.

Every list that comes out is one that an author could have written: the generator knows which constructs
fit together, and the laws that its bills must keep.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from whenever import Instant

from ratewright.meaning import nodes as tree
from ratewright.usage.model import Usage
from tests.rating.accounts import account, amount, buy, event, tariff

REGIONS = ("EU", "US", "AP")
FIRST, LAST = "2026-01", "2026-04"
BEGIN = Instant.from_utc(2026, 1, 2)


@dataclass(frozen=True)
class Case:
    """A price list, an account on it, and which laws hold: some forms depend on how usage is cut into records."""

    body: str
    head: str
    usage: Usage
    divisible: bool

    @property
    def rules(self) -> tree.Tariff:
        return tariff(self.body, self.head)

    def __repr__(self) -> str:
        return f"{self.head}\n{self.body}\n{self.usage.records}\n{self.usage.purchases}"


def money() -> st.SearchStrategy[str]:
    return st.sampled_from(["0", "0.01", "0.1", "0.333", "1", "2.5", "10"])


@st.composite
def bounds(draw) -> list[str]:
    """Upper bounds that increase, each of either kind, or widths."""
    figures = sorted(draw(st.sets(st.integers(1, 80), min_size=1, max_size=3)))
    if draw(st.booleans()):
        kinds = [draw(st.sampled_from(["below", "up to"])) for _ in figures]
        return [f"{kind} {figure}" for kind, figure in zip(kinds, figures, strict=True)]
    return [f"next {figure}" for figure in figures]


@st.composite
def price(draw, blocks: bool = True) -> str:
    forms = [f"{draw(money())} USD/call"]
    if draw(st.booleans()):
        forms.append(f"{draw(money())} USD")
    if blocks and draw(st.integers(0, 3)) == 0:
        forms.append(f"{draw(money())} USD per started {draw(st.integers(1, 30))} calls")
    return " + ".join(forms)


@st.composite
def rows(draw, word: str) -> str:
    lines = [f"{bound}  {draw(price())}" for bound in draw(bounds())]
    return f"{word} {{ {'; '.join(lines)}; beyond {draw(price())} }}"


@st.composite
def keyed_rows(draw, word: str) -> str:
    cells = st.lists(money(), min_size=len(REGIONS), max_size=len(REGIONS))
    lines = [f"{bound} calls  {'  '.join(draw(cells))}" for bound in draw(bounds())]
    table = "; ".join([" ".join(REGIONS), *lines, f"beyond {'  '.join(draw(cells))}"])
    return f"{word} by region in USD/call {{ {table} }}"


@st.composite
def line_forms(draw, keyed: bool) -> str:
    word = draw(st.sampled_from(["volume", "graduated"]))
    choices = [rows(word), st.builds("rate {}".format, price())]
    if keyed:
        choices += [keyed_rows(word), st.just("rate price[region]"), st.just(f"{word} prices[region]")]
    return draw(st.one_of(*choices))


@st.composite
def pools(draw) -> tuple[str, list[str], list[tuple[str, int]]]:
    """Declarations of pools of meter `m`, their names in an order, and the sizes on sale."""
    declared, names, sizes = [], [], []
    if draw(st.booleans()):
        cadence = draw(st.sampled_from(["", "renews every month", "renews every week", "renews every day"]))
        issued = "" if cadence and draw(st.booleans()) else "issued once on activation;"
        rolls = draw(st.sampled_from(["", "rolls over for 1 month", "rolls over up to 30 calls"])) if cadence else ""
        declared.append(
            f"grant free {{ covers m; {issued} size {draw(st.integers(1, 60))} calls;"
            f" {'; '.join(filter(None, (cadence, rolls)))} }}"
        )
        names.append("free")
    for name in draw(st.sampled_from([(), ("pack",), ("pack", "other")])):
        size = draw(st.integers(5, 100))
        ratio = draw(st.sampled_from(["", " at 2", " at 1 / 3"]))
        scope = draw(st.sampled_from(["", "scope region;"]))
        draws = draw(st.sampled_from(["", "draws largest remaining", "draws newest purchase", "draws latest end"]))
        valid = draw(st.sampled_from(["10 days", "1 month", "1 year"]))
        declared.append(
            f"package {name} {{ covers m{ratio}; {scope} sizes {{ {size} calls {draw(money())} USD }};"
            f" valid {valid} from purchase; {draws} }}"
        )
        names.append(name)
        sizes.append((name, size))
    return "\n".join(declared), draw(st.permutations(names)), sizes


@st.composite
def credits(draw, lines: list[str]) -> str:
    """A pool of money that pays a line or a sum, or none."""
    target = draw(st.sampled_from([None, "fee", "subtotal", "total", *lines]))
    if target is None:
        return ""
    times = ["issued once on activation", "renews every month", "renews every month; rolls over for 2 months"]
    size = draw(st.sampled_from(["3", "40", "1000"]))
    return (
        f"grant credit {{ covers {target}; size {size} USD; {draw(st.sampled_from(times))} }}\n"
        f"deduct {target} from credit"
    )


@st.composite
def tariffs(draw) -> tuple[str, str, bool, list[tuple[str, int]]]:
    """Text of a list, its head, whether a record may come in parts, and the packages on sale."""
    keyed = draw(st.booleans())
    cadence = draw(st.sampled_from(["month", "day", "week", "month", "month on day 15", "3 months", "record"]))
    billed = draw(st.sampled_from(["", "billed every day;"])) if cadence in ("month", "3 months") else ""
    declared, order, sizes = draw(pools())
    prices = "; ".join(f"{region} {draw(money())}" for region in REGIONS)
    form = draw(line_forms(keyed))
    extra = []
    if draw(st.booleans()):
        extra.append(f"minimum {draw(money())} USD")
    if draw(st.booleans()):
        blocks = ["", " each 12 calls"] if not form.startswith("amount") else [""]
        extra.append(f"maximum 20 USD{draw(st.sampled_from(blocks))}")
    body = [
        f"table price by region in USD/call {{ {prices} }}",
        "table prices by volume, region in USD/call {",
        "  EU US AP; up to 10 calls 3 2 1; below 30 calls 2 1 1; beyond 1 1 0.5 }",
        f"meter m {{ field region text = EU; {'by region;' if keyed else ''} measure sum(quantity) in calls }}",
        "meter peak { reads m; measure highest(quantity) in calls }",
        declared,
        f"charge fee {{ on m; every {cadence}; {billed} {form}; {'; '.join(extra)} }}",
    ]
    if order:
        body.append(f"deduct m from {' > '.join([*order, 'fee'])}")
    on_peak = draw(st.booleans())
    if on_peak:
        body.append("charge top { on peak; every month; rate 0.5 USD/call }")
    if draw(st.booleans()):
        body.append("charge base { every month; amount 31 USD; prorated by day }")
    if draw(st.booleans()):
        body.append(f"discount off {{ on charges; every 3 months; rate {draw(st.integers(0, 100))}% }}")
        if draw(st.booleans()):
            body.append("tax vat { on subtotal; every 3 months; rate 19% }")
    ratchet = draw(st.integers(0, 2)) == 0
    if ratchet:
        body.append("meter ever { reads m; by region; measure highest(quantity since activation) in calls }")
        body.append("charge level { on ever; every month; rate 0.2 USD/call }")
    body.append(draw(credits(["base"] if any("charge base" in one for one in body) else [])))
    rounding = draw(st.sampled_from(["none", "half up to 0.01 USD", "half even to 0.01 USD per bill"]))
    timezone = draw(st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata"]))
    head = f'currency USD; timezone "{timezone}"; bytes by 1000; rounding {rounding}'
    whole = any(word in declared for word in ("remaining",)) or "record" in cadence or on_peak or ratchet
    return "\n".join(body), head, not whole, sizes


@st.composite
def cases(draw) -> Case:
    """A random price list with a random account."""
    body, head, divisible, sizes = draw(tariffs())
    instants = st.integers(0, 24 * 100).map(lambda hours: BEGIN.add(hours=hours, seconds=hours % 3))
    records = [
        event(draw(instants), amount(draw(st.integers(1, 60))), "m", region=draw(st.sampled_from(REGIONS)))
        for _ in range(draw(st.integers(0, 8)))
    ]
    purchases = [
        buy(f"p{number}", draw(instants), size, package)
        for number in range(draw(st.integers(0, 3)) if sizes else 0)
        for package, size in [draw(st.sampled_from(sizes))]
    ]
    usage = account(*records, activated="2026-01-01", purchases=tuple(purchases))
    return Case(body, head, usage, divisible)
