"""Random price lists, as text, with random usage: every construct in combination, from a seed.

A case is kept in parts (declarations with their statements, records, purchases), so that it can be shrunk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from tests.reference.account import Account, Purchase, Record, Request
from tests.reference.clock import Clock
from tests.reference.known import avoided

ZONES = ("UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York")
REGIONS = ("eu", "us", "ap")
PLANS = ("free", "pro", "max")
MONTHS = ("2026-02", "2026-03", "2026-04")


@dataclass(frozen=True)
class Declaration:
    """A head and the statements of its block; a table's rows are such statements too. Without braces if `bare`."""

    head: str
    statements: tuple[str, ...] = ()
    bare: bool = False

    def text(self) -> str:
        if self.bare:
            return self.head
        return "\n".join([f"{self.head} {{", *(f"  {each}" for each in self.statements), "}"])


@dataclass(frozen=True)
class Case:
    """A price list, an account, and the months that are billed."""

    declarations: tuple[Declaration, ...]
    account: Account
    months: tuple[str, ...] = MONTHS

    def text(self) -> str:
        return "\n".join(each.text() for each in self.declarations) + "\n"


@dataclass
class _Meter:
    name: str
    unit: str
    kept: bool
    level: bool
    summed: bool
    totals: bool
    record_unit: str
    source: str
    region: bool = True
    covered: bool = False


class _Writer:
    """Writes one case from a source of chance."""

    def __init__(self, random: Random) -> None:
        self.r = random
        self.parts: list[Declaration] = []
        self.meters: list[_Meter] = []
        self.charges: dict[str, list[str]] = {}
        self.lines: list[str] = []
        self.keyed: dict[str, bool] = {}
        self.pools: list[str] = []
        self.packages: dict[str, tuple[list[str], bool]] = {}
        self.chains: dict[str, list[str]] = {}
        self.sizes: list[tuple[str, str]] = []
        self.fixed: set[str] = set()
        self.whole: set[str] = set()  # packages that are bought at the beginning of a month
        self.monthly = False  # whether a sum is named: no line may be billed less often than the one that names it

    def maybe(self, chance: float) -> bool:
        return self.r.random() < chance

    def add(self, head: str, *statements: str, bare: bool = False) -> None:
        self.parts.append(Declaration(head, tuple(each for each in statements if each), bare))

    def number(self, most: int = 200) -> str:
        r = self.r
        return r.choice((str(r.randint(1, most)), str(r.randint(1, 20)), f"{r.randint(0, 9)}.{r.randint(1, 99):02}"))

    def cents(self) -> str:
        return f"{self.r.randint(0, 20)}.{self.r.randint(0, 99):02}"

    def money(self) -> str:
        r = self.r
        return r.choice(
            (f"0.{r.randint(1, 999):03}", f"{r.randint(1, 9)}", f"{r.randint(0, 20)}.{r.randint(0, 99):02}")
        )

    # ------------------------------------------------------------ the price list

    def case(self) -> Case:
        r = self.r
        zone = r.choice(ZONES)
        rounding = r.choice(
            ("", "", "rounding none", "rounding half even to 0.01 USD", "rounding up to 0.05 USD per line",
             "rounding down to 0.001 USD per line", "rounding half up to 0.01 USD per bill", "rounding up to 1 USD per bill")
        )  # fmt: skip
        if "0.05" in rounding and avoided("paid of a rounded purchase"):
            rounding = "rounding up to 0.01 USD"
        self.add('tariff random "Random"', "currency USD", f'timezone "{zone}"', rounding)
        self.add("unit pic, pics", bare=True)
        self.add("unit hit, hits", bare=True)
        self.add("unit kW", bare=True)
        self.add("setting pro = off", bare=True)
        self.add("setting plan one of free, pro_plan, max_plan = free", bare=True)
        self.add("setting base in pics = 10 pics", bare=True)
        self.add("table price_of by region in USD", *(f"{each} {self.money()}" for each in REGIONS))
        self.add(
            "table plan_fee by plan",
            "fee share",
            *(f"{p} {self.money()} USD {r.randint(1, 30)}%" for p in ("free", "pro_plan", "max_plan")),
        )
        self.add("define extra = if pro then 2 else 1", bare=True)
        for index in range(r.randint(1, 3)):
            self.meter(index)
        for meter in self.meters:
            self.pools_of(meter)
        for meter in self.meters:
            for index in range(r.choice((0, 1, 1, 1, 2))):
                self.charge(meter, index)
        for index in range(r.choice((0, 1, 1, 2))):
            self.fixed_charge(index)
        self.money_lines()
        for name, chain in self.chains.items():
            ends = self.charges.get(name, [])
            tail = f" > {', '.join(ends)}" if ends else ""
            self.add(f"deduct {name} from {' > '.join(chain)}{tail}", bare=True)
        head, rest = self.parts[:1], self.parts[1:]
        r.shuffle(rest)
        return Case((*head, *rest), self.account(Clock(zone)))

    def meter(self, index: int) -> None:
        r = self.r
        name = f"m{index}"
        if self.meters and self.maybe(0.2):
            first = self.meters[0]
            if first.source == first.name and not first.level:
                self.reading_meter(name, first)
                return
        kept = self.maybe(0.3)
        form = r.choice(("sum", "sum", "sum", "formula", "count", "highest", "some", "series", "level", "rounded"))
        unit = r.choice(("pics", "hits", "kW"))
        measure, summed = f"sum(quantity) in {unit}", True
        fields = ["field region one of eu, us, ap = eu", "field size number = 1"]
        defines: list[str] = []
        if form == "formula":
            measure = r.choice(
                (f"sum(quantity * size) in {unit}", f"sum(quantity * extra) in {unit}",
                 f"sum(round up (quantity / 10) to 1 {_one(unit)}) in {unit}",
                 f"sum(if size > 2 then quantity else quantity / 3) in {unit}")
            )  # fmt: skip
        elif form == "count":
            measure, summed, unit = "count() * 1 pic in pics", False, "pics"
        elif form == "highest":
            what = r.choice(("highest", "lowest", "mean", "last", "first"))
            measure, summed = f"{what}(quantity) in {unit}", False
        elif form == "some":
            summed = False
            measure = r.choice(
                (f"nth_highest(quantity, {r.randint(1, 4)}) in {unit}", f"percentile(quantity, {r.choice((5, 50, 90, 95, 100))}) in {unit}",
                 f"unique(size) * 1 {_one(unit)} in {unit}", f"mean(highest(quantity, {r.randint(1, 4)})) in {unit}",
                 f"sum(lowest(quantity, 2)) in {unit}", f"nth_highest(quantity, round up (count() * {r.choice((5, 30, 50))}%)) in {unit}",
                 f"sum(quantity where size > 1) + highest(quantity) in {unit}")
            )  # fmt: skip
        elif form == "series":
            summed = False
            each = r.choice(("day", "week", "month", "5 minutes", "hour", "region"))
            inner = r.choice(("sum", "highest", "mean", "count"))
            value = f"count() * 1 {_one(unit)}" if inner == "count" else f"{inner}(quantity)"
            since = r.choice(("", "", "", " since activation"))
            where = r.choice(("", "", f" where sum(quantity) > {r.randint(1, 30)} {unit}"))
            defines = [f"define parts = {value} each {each}{where}{since}"]
            outer = r.choice(
                (
                    "highest(parts)",
                    "sum(parts)",
                    "mean(parts)",
                    "mean(highest(parts, 2))",
                    "lowest(parts)",
                    "percentile(parts, 50)",
                    "nth_highest(parts, 2)",
                )
            )
            measure = f"{outer}{r.choice(('', '', ' * count(parts) / days(period)'))} in {unit}"
        elif form == "level":
            summed = False
            where = r.choice(("", "", " where time(at) >= 8 hours and time(at) < 20 hours", " where size > 1"))
            if avoided("an integral over a part of the day"):
                where = r.choice(("", " where size > 1"))
            measure = f"integral(quantity{where}) / length(period) in {unit}"
        elif form == "rounded":
            summed = False
            measure = f"round up (sum(quantity)) to {r.choice((5, 10, 100))} {unit} in {unit}"
        where = (
            f"where {r.choice(('size < 4', 'region != ap', 'quantity > 2 ' + unit, 'not pro or size > 1'))}"
            if self.maybe(0.2)
            else ""
        )
        self.add(f"meter {name}", *fields, where, "by region" if kept else "", *defines, f"measure {measure}")
        totals = form in ("sum", "formula", "rounded", "count") and self.maybe(0.3)
        self.meters.append(_Meter(name, unit, kept, form == "level", summed, totals, unit, name))

    def reading_meter(self, name: str, first: _Meter) -> None:
        unit = self.r.choice(("pics", "hits", "kW"))
        measure = self.r.choice(
            (f"sum(times * 1 {_one(unit)})", f"sum(size * 2 {unit})", f"highest(size) * 1 {_one(unit)}")
        )
        kept = self.maybe(0.3)
        self.add(
            f"meter {name}",
            f"reads {first.name}",
            "where size < 5" if self.maybe(0.3) else "",
            "by region" if kept else "",
            f"measure {measure} in {unit}",
        )
        self.meters.append(
            _Meter(name, unit, kept, False, measure.startswith("sum"), first.totals, first.unit, first.name)
        )

    def pools_of(self, meter: _Meter) -> None:
        r = self.r
        results = meter.kept and not meter.summed and avoided("results of one instant")
        if not self.maybe(0.55) or results:
            return
        chain = []
        for index in range(r.choice((1, 1, 2, 3))):
            name = f"q{meter.name[1:]}{index}"
            scope = meter.kept and self.maybe(0.3) and not (chain and avoided("a scoped grant that is not asked"))
            ratio = r.choice(("", "", "", " at 2", " at 1 / 3", " at 0.5")) if self.maybe(0.5) else ""
            when = r.choice(("", "", "", "", "when pro", "when plan == pro_plan"))
            valid = ""
            if self.maybe(0.5):
                renews = r.choice(
                    ("", "", "renews every month", "renews every month", "renews every day", "renews every week")
                )
                size = r.choice(
                    (
                        f"size {r.randint(1, 60)} {meter.unit}",
                        f"size {r.randint(1, 60)} {meter.unit}",
                        "size per account",
                    )
                )
                if meter.unit == "pics" and self.maybe(0.2):
                    size = "size base * 2"
                if not meter.summed:  # a lot that begins or ends inside the period of a result is refused
                    renews = r.choice(("", "renews every month"))
                if self.maybe(0.3) and meter.summed:
                    valid = r.choice(
                        (
                            "valid 1 month",
                            "valid 45 days",
                            "valid until 2026-03-10",
                            "valid until end of month(activation)",
                            "valid 1 month from activation",
                        )
                    )
                if size == "size per account" and self.maybe(0.8):
                    self.sizes.append((name, f"{r.randint(1, 50)} {meter.unit}"))
                issued = "issued once on activation" if self.maybe(0.3) else ""
                self.add(
                    f"grant {name}",
                    f"covers {meter.name}{ratio}",
                    size,
                    issued,
                    valid,
                    renews,
                    "scope region" if scope else "",
                    when,
                )
                shared = "draws"
            else:
                sizes = [f"{n} {meter.unit}" for n in r.sample((5, 20, 50, 100), 2)]
                rows = "; ".join(f"{each} {self.cents()} USD" for each in sizes)
                free = self.maybe(0.3)
                if free:
                    rows += f"; below 1,000 {meter.unit} 0.{self.r.randint(1, 99):02} USD/{_one(meter.unit)}; beyond not sold"
                valid = r.choice(
                    (
                        "",
                        "valid 1 month",
                        "valid 1 month from purchase",
                        "valid 20 days from start of day(purchase)",
                        "valid until 2026-04-03",
                        "valid from start of month(purchase) until end of month(purchase)",
                    )
                )
                if not meter.summed:
                    valid = "valid 2 months from start of month(purchase)"
                    self.whole.add(name)
                refund = r.choice(("", "refund in full", "refund in full within 7 days of purchase if unused", "refund 50% of paid within 1 month of purchase",
                                   "refund paid * (size - drawn) / size if refunds_before < 1", "refund max(paid - 1 USD, 0 USD) if drawn <= 5 " + meter.unit, "refund list_price if request - purchase < 48 hours", "refund never"))  # fmt: skip
                draws = r.choice(
                    (
                        "",
                        "",
                        "draws newest purchase",
                        "draws largest remaining, newest purchase",
                        "draws smallest remaining",
                        "draws latest expiry, then smallest remaining",
                        "draws narrowest scope, then soonest expiry",
                    )
                )
                self.add(
                    f"package {name}",
                    f"covers {meter.name}{ratio}",
                    f"sizes {{ {rows} }}",
                    valid,
                    draws,
                    refund,
                    "scope region" if scope else "",
                    when,
                )
                self.packages[name] = (sizes + ([f"{r.randint(1, 200)} {meter.unit}"] if free else []), scope)
                shared = draws
            joined = bool(chain) and self.maybe(0.3) and shared in ("", "draws") and self.plain_draws(chain[-1])
            if joined and not avoided("grants and packages in one rank"):
                chain[-1] += f", {name}"
            else:
                chain.append(name)
        self.chains[meter.name] = chain
        meter.covered = True

    def plain_draws(self, rank: str) -> bool:
        last = rank.rsplit(", ", maxsplit=1)[-1]
        return not any(
            part.head.endswith(f" {last}") and any(s.startswith("draws") for s in part.statements)
            for part in self.parts
        )

    def price(self, unit: str, kept: bool) -> str:
        r = self.r
        one = _one(unit)
        form = r.choice(("rate", "rate", "block", "flat", "volume", "volume", "graduated", "graduated", "table", "by"))
        if form == "rate":
            return r.choice((f"rate {self.money()} USD/{one}", f"rate {self.money()} USD/1,000 {unit}", f"rate (if pro then {self.money()} USD/{one} else {self.money()} USD/{one})",
                             f"amount quantity * {self.money()} USD/{one} / days(period)", f"rate {self.money()} USD/{one} + {self.money()} USD", f"rate {self.money()} USD/{r.randint(2, 9)} {unit}"))  # fmt: skip
        if form == "block":
            return f"rate {self.money()} USD per started {r.choice((7, 10, 100))} {unit}"
        if form == "flat":
            return f"rate {self.money()} USD"
        if form == "table" and kept:
            return f"rate price_of[region] / 1 {one}"
        if form == "by" and kept:
            name = r.choice(("volume", "graduated"))
            return f"{name} by region in USD/{one} {{ eu us ap; {r.choice(('below', 'up to'))} {r.randint(1, 60)} {unit} {self.money()} {self.money()} {self.money()}; beyond {self.money()} {self.money()} {self.money()} }}"
        name = "graduated" if form == "graduated" else "volume"
        rows, bound = [], 0
        for _ in range(r.randint(1, 3)):
            step = r.randint(1, 40)
            bound += step
            kind = r.choice(("below", "up to", "next"))
            flat = not (name == "graduated" and kind == "below" and avoided("flat part at a bound"))
            kind = kind if flat else "up to"
            rows.append(f"{kind} {step if kind == 'next' else bound} {unit} {self.tier(unit, True)}")
        rows.append(f"beyond {'not sold' if self.maybe(0.05) else self.tier(unit, True)}")
        return f"{name} {{ {'; '.join(rows)} }}"

    def tier(self, unit: str, flat: bool) -> str:
        r = self.r
        one = _one(unit)
        options = [
            f"{self.money()} USD/{one}",
            f"{self.money()} USD/{one}",
            f"{self.money()} USD per started {r.choice((3, 10))} {unit}",
        ]
        if flat:
            options += [f"{self.money()} USD", f"{self.money()} USD/{one} + {self.money()} USD", "0 USD"]
        return r.choice(options)

    def charge(self, meter: _Meter, index: int) -> None:
        r = self.r
        name = f"c{meter.name[1:]}{index}"
        unit = meter.unit
        on = r.choice(
            (
                meter.name,
                meter.name,
                meter.name,
                f"round up ({meter.name}) to 10 {unit}",
                f"max({meter.name}, 5 {unit})",
                f"{meter.name} * 2",
            )
        )
        cadences = ["every month"] * 5 + [
            "every day",
            "every week",
            "every month on day 15",
            "every month on day 31",
            "every month from activation",
            "every 2 months",
            "every quarter",
        ]
        if meter.summed and not meter.totals and on == meter.name:
            cadences += ["every record", "every record"]
        if not meter.covered or meter.summed:
            cadences += ["every hour"] if not meter.totals else []
        if meter.totals:
            cadences = ["every month", "every day", "every week", "every month on day 15"]
        measure = next(part.statements[-1] for part in self.parts if part.head == f"meter {meter.name}")
        if "days(period)" in measure:  # the documents do not say how many days an hour has
            cadences = [each for each in cadences if each != "every hour"]
        every = r.choice(cadences)
        if not meter.summed and meter.covered and self.maybe(0.9):
            every = "every month"
        if (
            not meter.summed
            and self.charges.get(meter.name)
            and (meter.covered or avoided("one measure for several periods"))
        ):
            every = self.cadence_of(self.charges[meter.name][0])
        alone = every == "every record"
        when = ""
        if self.maybe(0.2):
            when = r.choice(
                (
                    "when pro",
                    "when plan == pro_plan",
                    "when not pro",
                    "when quantity > 5 " + unit,
                    "when at >= 2026-03-05",
                )
            )
        if not meter.summed and "at" in when.split():
            when = ""
        price = self.price(unit, meter.kept)
        if "days(period)" in price and every in ("every hour", "every record"):
            price = f"rate {self.money()} USD"  # of what is shorter than a day the documents do not say how many it has
        extras = [
            "minimum %s USD" % r.randint(1, 19) if self.maybe(0.15) else "",
            "maximum %s USD" % r.randint(20, 60) if self.maybe(0.15) else "",
        ]
        apart = meter.kept and meter.covered and avoided("a minimum of a key that quotas cover")
        if apart or "at" in when.split():
            extras[0] = ""
            on = meter.name if "max" in on else on
        if "at" in when.split() and on != meter.name:
            when = ""
        lump = price.startswith("rate") and (price.endswith(" USD") or ("started" in price and False))
        flat = "flat at zero usage" if lump and not apart and "at" not in when.split() and self.maybe(0.4) else ""
        reached = f"reached by {meter.name}" if price.startswith("volume {") and self.maybe(0.2) else ""
        if alone and avoided("a meter in the price of a record"):
            reached = ""
        if on != meter.name and "quantity" not in when and avoided("a condition where nothing was used"):
            when = ""
        billed = (
            "billed every day"
            if every == "every month" and meter.summed and self.maybe(0.08) and not avoided("billed in parts")
            else ""
        )
        rounding = (
            r.choice(("rounding none", "rounding up to 0.1 USD", "rounding half even to 0.01 USD"))
            if self.maybe(0.15)
            else ""
        )
        prorated = f"prorated by {r.choice(('1 / 2', '20 / 31'))}" if self.maybe(0.07) else ""
        self.add(f"charge {name}", f"on {on}", every, when, price, reached, *extras, flat, billed, rounding, prorated)
        self.charges.setdefault(meter.name, []).append(name)
        self.lines.append(name)
        self.keyed[name] = meter.kept
        if alone:
            self.fixed.add(name)

    def cadence_of(self, charge: str) -> str:
        part = next(each for each in self.parts if each.head == f"charge {charge}")
        return next(each for each in part.statements if each.startswith("every"))

    def fixed_charge(self, index: int) -> None:
        r = self.r
        name = f"f{index}"
        options = [
            f"amount {self.money()} USD",
            f"amount {self.money()} USD / {r.randint(2, 9)}",
            "amount plan_fee[plan].fee",
            f"amount {self.money()} USD * extra",
        ]
        if self.lines:
            other = r.choice(self.lines)
            options += [
                f"amount {r.randint(1, 50)}% of {other}",
                f"amount max({r.randint(5, 100)} USD - {other}, 0 USD)",
            ]
        if self.meters:
            meter = r.choice(self.meters)
            options.append(f"amount {meter.name} * {self.money()} USD/{_one(meter.unit)}")
        options.append(f"amount max({r.randint(5, 100)} USD - charges, 0 USD)")
        every = r.choice(
            (
                "every month",
                "every month",
                "every month",
                "every quarter",
                "every week",
                "every month on day 15",
                "every month from activation",
                "every day",
            )
        )
        amount = r.choice(options)
        if "charges" in amount or any(each in amount for each in self.lines):
            every = "every quarter"
            if all(
                self.cadence_of(each) in ("every month", "every day", "every week", "every hour", "every record")
                for each in self.lines
            ):
                every = "every month"
            if every != "every month":
                amount = f"amount {self.money()} USD"
            else:
                self.monthly = True
        elif self.monthly:
            every = "every month"
        prorated = ""
        when = r.choice(("", "", "", "when pro", "when plan != free"))
        if self.maybe(0.35):
            prorated = "prorated by day"
            when = r.choice((when, "when pro and at >= 2026-03-05", "when plan == pro_plan"))
        self.add(f"charge {name}", every, when, amount, prorated)
        self.lines.append(name)
        self.keyed[name] = False

    def money_lines(self) -> None:
        r = self.r
        plain = [each for each in self.lines if each not in self.fixed]
        parts = any("billed every day" in part.statements for part in self.parts)

        def every(chance: float) -> str:
            # Whether a charge that is billed in parts hands down its period or the parts, the documents do not say.
            return "every month" if parts or self.maybe(chance) else ""

        for index in range(r.choice((0, 0, 1, 2))):
            name = f"d{index}"
            on = r.choice((*plain, "charges", "charges")) if plain else "charges"
            if plain and self.maybe(0.3):
                on = f"{r.choice(plain)} + {r.choice(plain)}" if len(plain) > 1 else on
            rate = r.choice(
                (
                    f"rate {r.randint(1, 40)}%",
                    "rate plan_fee[plan].share",
                    f"amount {r.randint(1, 4)} USD",
                    f"volume {{ below {r.randint(5, 50)} USD 0%; beyond 10% }}",
                )
            )
            most = f"maximum {on}" if rate.startswith("amount") and self.maybe(0.8) and "+" not in on else ""
            if rate.startswith("amount") and (not most or avoided("a discount on nothing")):
                rate = f"rate {r.randint(1, 40)}%"
            when = "when pro" if self.maybe(0.15) and not avoided("a condition where nothing was used") else ""
            self.add(f"discount {name}", f"on {on}", every(0.4), when, rate, most)
        for index in range(r.choice((0, 0, 1, 1, 2))):
            on = r.choice(("subtotal", "subtotal", "charges", *plain))
            self.add(f"tax t{index}", f"on {on}", every(0.4), f"rate {r.randint(1, 30)}%")
        for index in range(r.choice((0, 0, 0, 1, 2))):
            self.money_pool(index, [each for each in plain if each.startswith(("c", "f"))])

    def money_pool(self, index: int, plain: list[str]) -> None:
        r = self.r
        name = f"w{index}"
        covers = r.choice((*plain, "total", "subtotal", "total"))
        if covers in self.chains:
            return
        covered = [covers]
        if covers in plain and len(plain) > 1 and self.maybe(0.3) and not avoided("one wallet for several lines"):
            other = r.choice(plain)
            if other not in self.chains and other != covers:
                covered.append(other)
        if self.maybe(0.6):
            renews = r.choice(("", "renews every month", "renews every month"))
            self.add(f"grant {name}", f"covers {', '.join(covered)}", f"size {r.randint(1, 30)} USD", renews)
        else:
            self.add(
                f"package {name}",
                f"covers {', '.join(covered)}",
                f"sizes {{ 10 USD {self.cents()} USD; 50 USD {self.cents()} USD }}",
                r.choice(("", "valid 1 month")),
            )
            self.packages[name] = (["10 USD", "50 USD"], False)
        for each in covered:
            self.chains[each] = [name]

    # ------------------------------------------------------------ the account

    def account(self, clock: Clock) -> Account:
        r = self.r
        start = clock.month(MONTHS[0]).start
        activated = start + r.choice((timedelta(), timedelta(days=r.randint(0, 27), hours=r.randint(5, 23))))
        if any("from activation" in s and s.startswith("every") for p in self.parts for s in p.statements):
            activated = clock.around("day", activated).start + (
                timedelta(hours=12) if not avoided("periods that begin at noon") else timedelta()
            )
            activated = max(activated, start)
        end = clock.month(MONTHS[-1]).end
        span = int((end - activated).total_seconds())

        def moment() -> datetime:
            return activated + timedelta(seconds=r.randrange(span))

        records: list[Record] = []
        for meter in self.meters:
            if meter.source != meter.name:
                continue
            for _ in range(r.choice((0, 1, 2, 3, 5, 8))):
                records.append(self.record(meter, clock, activated, moment()))
        purchases = []
        for name, (sizes, scope) in self.packages.items():
            for _ in range(r.choice((0, 1, 1, 2))):
                with_ = (("region", r.choice(REGIONS)),) if scope and self.maybe(0.7) else ()
                paid = f"{self.cents()} USD" if self.maybe(0.15) else None
                count = r.choice((1, 1, 1, 2, 3))
                at = moment()
                if name in self.whole and self.maybe(0.9):
                    at = clock.month(r.choice(MONTHS[1:])).start
                purchases.append(Purchase(f"p{len(purchases) + 1}", name, r.choice(sizes), at, count, paid, with_))
        refunds = []
        for purchase in purchases:
            if self.maybe(0.3):
                at = purchase.at + timedelta(seconds=r.choice((3600, 7 * 86400, r.randrange(1, 40 * 86400))))
                of = purchase.id
                if purchase.count > 1 and self.maybe(0.4) and not avoided("single lots given back"):
                    of += f"#{r.randint(1, purchase.count)}"
                if at < end:
                    refunds.append(Request(of, at))
        if avoided("several requests for one package"):
            refunds = refunds[:1]
        settings: list[tuple[str, datetime | None, str]] = []
        for name, values in (
            ("pro", ("on", "off")),
            ("plan", ("free", "pro_plan", "max_plan")),
            ("base", ("5 pics", "20 pics")),
        ):
            if self.maybe(0.4):
                first = r.choice((None, clock.month(MONTHS[1]).start))
                settings.append((name, first, r.choice(values)))
                if first is not None and self.maybe(0.5):
                    at = r.choice(
                        (
                            clock.month(MONTHS[2]).start,
                            clock.around("day", first + timedelta(days=r.randint(3, 40))).start,
                        )
                    )
                    settings.append((name, at, r.choice(values)))
        return Account(activated, tuple(settings), tuple(records), tuple(purchases), tuple(refunds), tuple(self.sizes))

    def record(self, meter: _Meter, clock: Clock, activated: datetime, at: datetime) -> Record:
        r = self.r
        fields = []
        if self.maybe(0.6):
            fields.append(("region", r.choice(REGIONS)))
        if self.maybe(0.5):
            fields.append(("size", str(r.randint(1, 5))))
        quantity = f"{r.choice((r.randint(1, 60), r.randint(1, 9), 10))} {meter.record_unit}"
        if meter.level:
            day = clock.around("month", at)
            last = min(at + timedelta(hours=r.randint(1, 100)), day.end)
            return Record(meter.name, "state", at, quantity, last, tuple(fields))
        if meter.totals and self.maybe(0.5):
            span = clock.around("day", at)
            if span.start >= activated:
                named = clock.local(span.start).strftime("%Y-%m-%d")
                return Record(meter.name, "total", span.start, quantity, span.end, tuple(fields), named)
        if self.maybe(0.1):
            at = at.replace(minute=0, second=0)
            at = max(at, activated)
        return Record(meter.name, "event", at, quantity, None, tuple(fields))


def _one(unit: str) -> str:
    return {"pics": "pic", "hits": "hit"}.get(unit, unit)


def random_case(seed: int) -> Case:
    return _Writer(Random(seed)).case()


def shorter(case: Case, index: int) -> Case:
    """The case without one of its declarations."""
    return replace(case, declarations=case.declarations[:index] + case.declarations[index + 1 :])
