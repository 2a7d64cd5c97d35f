"""The page that finds the bundled price lists by trade and by construct.

Trades stand here, for no rule file says its own; what a list uses is looked for in its text, without examples.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ratewright.diagnostics import Source
from ratewright.syntax import nodes as n
from ratewright.syntax.parser import parse_rules
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "lists.md"
RULES = ROOT / "rules"
MOST = 5
"""How many lists stand beside a construct: the shortest that have it, which are the easiest to read."""

TRADES: dict[str, str] = {
    "Images, speech and text recognition": "tencent_hy_image tencent-asr-intl-2022 tencent-tts-intl tencent-ocr-intl "
    "huawei-package-deduction-order tencent-captcha",
    "Language models": "anthropic-claude-api",
    "Object and file storage, backups": "aws-s3-standard azure-blob-estimate tencent-cos tencent-cos-refund "
    "tencent-cfs tencent-mysql-backup",
    "Functions, servers and databases": "cloudflare-workers cloudflare-durable-objects supabase tencent-scf "
    "tencent-scf-package-refund-rules tencent-tdsqlc tencent-lighthouse-upgrade",
    "Data warehouses": "snowflake-warehouse",
    "Monitoring": "datadog-infrastructure",
    "Networks and bandwidth": "tencent-bwp-bandwidth-day tencent-bwp-top5-95 tencent-ccn tencent-nat-eip "
    "tencent-antiddos-pro tencent-httpdns",
    "Video, calls and live streams": "tencent-css-bandwidth-guarantee tencent-css-lvb-daily tencent-css-prepaid "
    "tencent-trtc",
    "Telephony": "fon4u-01053 voiceflex-sip",
    "Messages, events and logs": "tencent-chat tencent-cls tencent-eventbridge tencent-sms-mainland tencent-tpns",
    "Payments": "stripe-payments",
    "Marketplaces": "ebay-selling-fees ebay-auctions-capped",
    "Camping and lodging": "fouras-camping north-bay-rental",
    "Billing platforms' own examples": "autumn-zuplo-flexprice chargebee-package lago-charge-models",
    "Water, gas and power": "hk-water uk-gas-conversion urban-utilities-water water-png "
    "wisconsin-rapids-industrial-power united-electric-net-metering",
    "Freight and parcels": "austrian-post-parcel-international beijing-air-cargo",
    "Transit, parking and tolls": "tfl-contactless zhangye-airport-parking gothenburg-congestion-tax",
    "Taxes": "iras-income-tax",
}

CONSTRUCTS: tuple[tuple[str, str, str, str], ...] = (
    # what is written, what it is for, the section of the reference, what is looked for
    ("`rate`", "one price", "charge", r"^\s*rate\b"),
    ("`volume`", "the row that the whole quantity is in has its price", "charge", r"^\s*volume\b(?! cheapest)"),
    ("`volume cheapest`", "a later row where that costs less", "charge", r"^\s*volume cheapest\b"),
    ("`graduated`", "each slice at its own price", "charge", r"^\s*graduated\b"),
    ("`graduated(…)`, `volume(…)`", "tiers inside a formula", "formulas", r"\b(graduated|volume)\("),
    ("`per started`", "blocks that are begun", "charge", r"\bper started\b"),
    ("`amount`", "a fee, or a formula", "charge", r"^\s*amount\b"),
    ("`minimum`, `maximum`", "the least and the most that a line costs", "charge", r"^\s*(minimum|maximum)\b"),
    ("`prorated by`", "a part of a period", "charge", r"\bprorated by\b"),
    ("`reached by`", "a tier picked by another quantity", "charge", r"^\s*reached by\b"),
    ("`flat at zero usage`", "a flat part that is owed without usage", "charge", r"^\s*flat at zero usage\b"),
    ("`every record`, `every reading`", "each record priced alone", "charge", r"^\s*every (record|reading)\b"),
    ("`every … from first use`", "windows from a first use", "charge", r"^\s*every\b.*\bfrom first use\b"),
    ("`billed every`", "billed in parts of the period of its tiers", "charge", r"^\s*billed every\b"),
    ("`once on`, `billed in advance`", "fees at a beginning", "charge", r"^\s*(once on|billed in advance)\b"),
    ("`when`", "for some accounts, or some times", "charge", r"^\s*when\b"),
    ("`discount`", "what is taken off", "discount-and-tax", r"^discount\b"),
    ("`tax`", "what is added", "discount-and-tax", r"^tax\b"),
    ("`by` in a meter", "usage kept apart: regions, products", "meter", r"^\s*by\b"),
    ("`where`", "what does not count", "meter", r"^\s*where\b"),
    ("`reads`", "another measure of the same records", "meter", r"^\s*reads\b"),
    ("`round … to` in a measure", "each record rounded", "meter", r"^\s*measure.*\bround\b"),
    ("`percentile`, `nth_highest`", "peaks without the highest", "formulas", r"\b(percentile|nth_highest)\("),
    ("`highest`, `mean`, `integral`", "levels over time", "formulas", r"\b(highest|mean|integral)\("),
    ("`unique`", "how many different", "formulas", r"\bunique\("),
    ("`… each …`", "one value for each hour, day, name", "define", r"\beach (?:[0-9]+ )?[a-z_]+"),
    ("`since`", "a look back", "define", r"\bsince\b"),
    (
        "`time(…)`, `weekday(…)`, `month(…)`",
        "prices by the clock and the calendar",
        "formulas",
        r"\b(time|weekday|month)\([a-z]",
    ),
    ("`table`", "prices and factors by name or range", "table", r"^table\b"),
    ("`else` in a table", "all other keys", "table", r"^\s*else\b"),
    ("`setting`", "what an account has chosen", "setting", r"^setting\b"),
    ("`unit … =`", "units made of others", "unit", r"^unit\b.*="),
    ("`grant`", "free quota", "grant-and-package", r"^grant\b"),
    ("`renews`", "quota that begins anew", "grant-and-package", r"^\s*renews\b"),
    ("`rolls over`", "quota that is kept", "grant-and-package", r"^\s*rolls over\b"),
    ("`package`", "bought in advance", "grant-and-package", r"^package\b"),
    ("`covers … at`", "a pool that pays at a ratio", "grant-and-package", r"^\s*covers\b.*\bat\b"),
    ("`scope`", "a package for one region", "grant-and-package", r"^\s*scope\b"),
    ("`draws`", "which lot pays first", "grant-and-package", r"^\s*draws\b"),
    ("`refund`", "what is given back", "grant-and-package", r"^\s*refund\b"),
    ("`sold until`", "no longer on sale", "grant-and-package", r"^\s*sold (until|from)\b"),
    ("`deduct`", "in which order quota pays", "deduct", r"^deduct\b"),
    ("`in order of`", "which usage is paid for first", "deduct", r"\bin order of\b"),
    ("`deduct total`", "credit that pays bills", "deduct", r"^deduct (total|subtotal|charges)\b"),
    ("`limit`", "how many may run at once, and extensions", "limit", r"^limit\b"),
)


@dataclass(frozen=True)
class PriceList:
    path: Path
    file: n.File

    @cached_property
    def tariff(self) -> n.Tariff:
        return next(each for each in self.file.declarations if isinstance(each, n.Tariff))

    @property
    def link(self) -> str:
        return f"[{self.path.stem}](../{self.path.relative_to(ROOT).as_posix()})"

    @property
    def title(self) -> str:
        return self.tariff.title.text if self.tariff.title is not None else self.tariff.name.text

    @property
    def source(self) -> str:
        return next(each.text.text for each in self.tariff.statements if isinstance(each, n.SourceText))

    @cached_property
    def text(self) -> str:
        """What is declared, without comments, texts and examples."""
        kept = (each.span.text for each in self.file.declarations if not isinstance(each, n.Example))
        return "\n".join(re.sub(r'#[^\n]*|"[^"\n]*"', "", text) for text in kept).replace(";", "\n")


def price_lists() -> list[PriceList]:
    """All that come with the project, by their paths."""
    found = []
    for path in sorted(RULES.rglob("*.tariff")):
        file, problems = parse_rules(Source(path.name, path.read_text(encoding="utf-8")))
        assert not problems, path
        found.append(PriceList(path, file))
    return found


def page() -> str:
    """The whole page."""
    lists = price_lists()
    return "\n".join([_HEAD, *_by_trade({each.path.stem: each for each in lists}), _BETWEEN, *_by_construct(lists), ""])


def _by_trade(lists: dict[str, PriceList]) -> list[str]:
    rows = ["| trade | price list | whose | read from |", "|---|---|---|---|"]
    for trade, names in TRADES.items():
        for number, name in enumerate(names.split()):
            one = lists[name]
            rows.append(f"| {trade if number == 0 else ''} | {one.link} | {one.title} | {one.source} |")
    return rows


def _by_construct(lists: list[PriceList]) -> list[str]:
    rows = ["| is written | is for | stands in |", "|---|---|---|"]
    shortest = sorted(lists, key=lambda each: (len(each.text), each.path))
    for written, meant, section, pattern in CONSTRUCTS:
        having = [each for each in shortest if re.search(pattern, each.text, re.MULTILINE)]
        links = ", ".join(each.link for each in having[:MOST])
        more = f" and {len(having) - MOST} more" if len(having) > MOST else ""
        if having:
            rows.append(f"| [{written}](language.md#{section}) | {meant} | {links}{more} |")
    return rows


_HEAD = """\
# The bundled price lists

Each is a public page of prices written as a rule file, with the page's own calculations (worked out by hand where it
has none) and both sides of each bound as examples: something to begin from, or to look at how a thing is said.
`ratewright test rules/` tests them all.
How one is written is shown [step by step](price_lists.md).

## By trade
"""

_BETWEEN = """
## By construct

Up to five lists for each, the shortest first. What no bundled list uses has its example in
[the reference](language.md) and [the cookbook](cookbook.md).
"""
