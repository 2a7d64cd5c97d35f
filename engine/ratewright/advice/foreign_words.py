"""Words of other billing systems, spreadsheets, databases and programming languages, and what is written here.

Each remedy is a part of a sentence; what stands in backticks is the language itself, and a test reads it.
"""

from __future__ import annotations

from collections.abc import Mapping

_TIERS = "write `volume { … }` (the whole quantity at the row it reaches) or `graduated { … }` (each slice at its own)"
_FORMS = "write the form itself: `rate`, `volume`, `graduated` or `amount`"
_RATE = "write `rate 0.08 USD/call`"
_BLOCKS = "blocks stand in the price: `rate 5 USD per started 1,000 calls`"
_MEASURE = "write `measure sum(quantity) in calls`"
_EVERY = "write `every month`"
_ONCE = "write `once on activation`, and the fee as an `amount`"
_FLAT = "a flat amount stands in its row: `up to 100 calls  50 USD`, or `0.01 USD/call + 50 USD`"
_FREE = "a free part is a row at the price 0, `up to 100 calls  0 USD/call`, or a `grant` that is drawn first"
_ON = "name the meter: `on calls_made`"
_BY = "write `by region` in the meter: what it names is kept apart"
_PER = "a line for each record is `every record`; for each region it is kept apart in the meter: `by region`"
_TITLE = 'a title stands in quotes behind the name: `charge fee "Calls" {`'
_VALID = "write `valid 1 year`"
_RENEWS = "write `renews every month`"
_ORDER = "the order stands outside: `deduct calls_made from free_calls > fee`"
_PRORATED = "write `prorated by day`"
_LEAST = "write `minimum 5 USD`"
_MOST = "write `maximum 500 USD`"
_EACH_MOST = "a charge `every record` has a `minimum` and a `maximum` for each record"
_TAX = "a tax is a declaration: `tax vat { on subtotal; rate 19% }`"
_DISCOUNT = "a discount is a declaration: `discount loyal { on fee; rate 10% }`"
_WHEN = "write `when plan == pro`"
_SOLD = "prices stand with the sizes: `sizes { 1,000 calls  75 USD }`"
_SIZE = "write `size 100 calls`, or `sizes { 100 calls  5 USD }` in a package"
_WINDOW = "write `every 60 minutes from first use`"
_ON_SALE = "write `sold until 2026-07-01`: what is held is drawn, and none is bought from then on"
_ROWS = "a row is its bound and its price: `up to 1,000 calls  0.01 USD/call`"


PERIODS = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "quarterly": "quarter",
    "yearly": "year",
    "annual": "year",
    "annually": "year",
}
"""Words for periods, and the period itself."""


def _each(words: str, help: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), help)


_CHARGE = {
    **_each("tiered tiers tiers_mode tier_mode tier_type slabs brackets stairstep staircase bands", _TIERS),
    **_each("charge_model pricing_model model billing_scheme type pricing_type rate_type standard", _FORMS),
    **_each("price unit_amount unit_amount_decimal unit_price per_unit per_unit_amount cost custom_unit_amount", _RATE),
    **_each("package package_size transform_quantity divide_by block block_size round per_package", _BLOCKS),
    **_each("flat_amount flat_fee flat_amount_decimal fixed_amount fixed_fee base_fee", "write `amount 50 USD`"),
    **_each("free_units free_units_per_events free_units_per_total_aggregation included_units free", _FREE),
    **_each("interval interval_count billing_period billing_interval frequency cycle recurring billing_cycle", _EVERY),
    **_each("one_time onetime one_off oneoff setup setup_fee non_recurring nonrecurring", _ONCE),
    **_each("meter_id billable_metric metric event_name usage meter quantity", _ON),
    **_each("group_by pricing_group_keys filters group groups dimensions split_by", _BY),
    "per": _PER,
    **_each("proration proration_behavior prorate pro_rata prorata", _PRORATED),
    **_each("min min_amount min_amount_cents minimum_amount floor at_least least min_charge", _LEAST),
    **_each("max max_amount maximum_amount cap capped ceiling at_most most max_charge", _MOST),
    **_each("daily_cap day_cap cap_per_day daily_max max_per_day", "write `maximum 60 USD each day`"),
    **_each("window windows within session rolling sliding since_first_use", _WINDOW),
    **_each("per_transaction_max_amount per_transaction_min_amount", _EACH_MOST),
    **_each("tax_rate tax_code tax_behavior vat tax_percent", _TAX),
    **_each("coupon discount_rate percent_off amount_off rebate", _DISCOUNT),
    **_each(
        "percentage percent graduated_percentage", "write `rate 1.2%`, or rows of `graduated` such as `beyond  1%`"
    ),
    **_each("if condition unless only_if only applies_when active_when", _WHEN),
    **_each(
        "pay_in_advance advance in in_advance prepaid upfront prepay",
        "a fee that is billed when its period begins is `billed in advance`; usage that is paid before is a `package`",
    ),
    **_each("usage_type metered licensed", "usage is named by `on`; a fee without any is an `amount`"),
    **_each("otherwise else", "write `beyond` for the rest, or `if … then … else …` in a formula"),
    **_each("trial trial_period_days trial_days", "write `when at >= activation + 14 days`"),
    **_each("up_to first_unit last_unit from_value to_value", _ROWS),
    **{word: f"write `every {period}`" for word, period in PERIODS.items()},
}
_METER = {
    **_each("evenly distribute distributed interpolate interpolated prorate prorated", "write `spread evenly`"),
    **_each("aggregation aggregate aggregate_usage aggregation_type default_aggregation aggregator", _MEASURE),
    **_each("sum count max min average avg mean unique last highest lowest percentile value formula", _MEASURE),
    **_each(
        "field_name property properties attribute attributes dimension dimensions column", "write `field region text`"
    ),
    **_each("group_by group groups partition_by filters", "write `by region`"),
    **_each("filter filter_by if when condition having only", 'write `where status == "success"`'),
    **_each("unit units", "the unit stands behind the measure: `measure sum(quantity) in calls`"),
    **_each(
        "from source event event_name", "records name their meter; those of another are read by `reads calls_made`"
    ),
    **_each("recurring", "what is carried over is looked back at: `last(quantity since activation)`"),
    **_each("negative allow_negative reversals adjustments credits returns", "write `corrections down to 0`"),
    **_each("rounding rounding_function round", "write `measure round up (sum(quantity)) to 1 call in calls`"),
}
_POOL = {
    **_each("quantity amount credits quota units included limit granted allowance free_units", _SIZE),
    **_each("price cost unit_amount rate fee", _SOLD),
    **{word: f"write `renews every {period}`" for word, period in PERIODS.items()},
    **_each("expires expiry expiration validity valid_for expires_after duration ttl term", _VALID),
    **_each("reset resets reset_period refresh refreshes renew renewal interval recurring every each", _RENEWS),
    **_each("proration proration_behavior prorate pro_rata prorata first_period", _PRORATED),
    **_each("discontinued retired retire end_of_sale available active_until deprecated", _ON_SALE),
    **_each("rollover rolls_over roll_over carry_over carryover", "write `rolls over for 1 month`"),
    **_each("overdraft overdraw overusage borrow negative_balance", "write `overdraws up to 100 calls`"),
    **_each("priority order rank precedence", _ORDER),
    **_each("for meter on meters applies_to product feature", "write `covers calls_made`"),
    **_each("if condition only", _WHEN),
    **_each("region regions zone zones by", "write `scope region`"),
    **_each("refunds refundable refund_policy", "write `refund in full within 7 days of purchase if unused`"),
}
_EXAMPLE = {
    **_each("assert check then should result equals", "write `expect total == 5 USD`"),
    **_each("usage record records event events when", "write `use 3 calls of calls_made in 2026-03`"),
    **_each("purchase order bought", "write `buy 1 of prepaid 1,000 calls on 2026-03-01`"),
    **_each("setting settings config plan", "write `set plan pro`"),
    **_each("void revoke deduct clawback", "write `withdraw 40 calls of free_calls on 2026-03-10`"),
}
_TARIFF = {
    **_each("version valid_from start starts from since date", "write `effective from 2026-01-01`"),
    **_each("until end ends valid_until", "write `effective from 2026-01-01 until 2027-01-01`"),
    **_each("name title label description", 'a title stands in quotes behind the name: `tariff prices "Prices" {`'),
    **_each("tz time_zone zone region", 'write `timezone "UTC"`'),
    **_each("url link reference page", 'write `source "Price page, read on 2026-01-01"`'),
    **_each("precision decimals round scale", "write `rounding half up to 0.01 USD per line`"),
    **_each("tax vat tax_rate", "a tax is a declaration of its own: `tax vat { on subtotal; rate 19% }`"),
}
_LIMIT = {
    **_each("max maximum value amount size quota capacity base", "write `default 3 calls`"),
    **_each("price extra extension add addon", "write `extend 1 call for 200 USD/day`"),
}
STATEMENTS: Mapping[str, Mapping[str, str]] = {
    "charge": _CHARGE,
    "discount": _CHARGE,
    "tax": _CHARGE | _each("inclusive tax_inclusive tax_included is_inclusive gross", "write `included`"),
    "meter": _METER,
    "grant": _POOL,
    "package": _POOL,
    "example": _EXAMPLE,
    "tariff": _TARIFF,
    "limit": _LIMIT,
}
"""By the word of a declaration: words that are no statement of it, and what is written instead."""

ANYWHERE = {
    **_each("name title label description nickname display_name invoice_display_name", _TITLE),
    **_each("let const var def", "write `define x = 3`"),
    **_each("select insert create update", "a rule file says what holds; nothing is selected or run"),
    **_each("group_by", _BY),
}
"""Words that other systems have in any block."""

DECLARATIONS = {
    **_each("plan plans subscription", "an account's plan is a setting: `setting plan one of free, pro = free`"),
    **_each("product products offer offering", "a price list is a `tariff`; what is sold is a `charge` or a `package`"),
    **_each("metric billable_metric usage_metric event dimension aggregation feature", "write `meter`"),
    **_each(
        "quota allowance credit credits wallet prepaid entitlement",
        "write `grant` for what is given, `package` for what is bought",
    ),
    **_each("price prices fee rate line item line_item add_on addon service cost", "write `charge`"),
    **_each(
        "tiers tier pricing lookup map enum matrix rates",
        "write `table`, or rows in a charge: `volume { … }`, `graduated { … }`",
    ),
    **_each("coupon rebate promotion promo", "write `discount`"),
    **_each("vat gst", "write `tax vat { on subtotal; rate 19% }`"),
    **_each("let const var def function func formula variable macro fn", "write `define threshold = 3 * 100 calls`"),
    **_each("parameter param input option attribute config", "write `setting plan one of free, pro = free`"),
    **_each("field column property", "a field belongs to a meter: `meter calls_made { field region text; … }`"),
    **_each("test scenario case assert", 'write `example "ten calls" { … }`'),
    **_each("currency timezone effective source rounding bytes", "it stands in the block of the tariff"),
    **_each("import include use require from", "a rule file stands alone: what it needs is declared in it"),
    **_each("version", "a price list has dates: `effective from 2026-01-01` in the tariff"),
    **_each(
        "if when for while return class struct select create insert",
        "a rule file says what holds: declare a `charge` with `when`, or a `define`",
    ),
    **_each("commitment commit minimum", "a least amount is a `minimum` of a charge, or a charge on what is missing"),
    **_each("bill invoice", "a bill is what comes out; its lines are `charge`, `discount` and `tax`"),
    **_each("concurrency capacity cap", "write `limit`"),
}
"""Words that a declaration starts with elsewhere."""

DRAWN = {
    **_each("earliest first next", "write `soonest expiry`, `soonest end` or `oldest purchase`"),
    **_each("last", "write `latest expiry`, `latest end` or `newest purchase`"),
    **_each("plan contract validity subscription", "`end` and `start` are those of the lot with all its cycles"),
    **_each("cycle period renewal reset", "the `expiry` of a lot that renews is that of its cycle"),
}
"""What others call the order in which lots are drawn."""

AGGREGATIONS = {
    **_each("sum sum_agg sum_of_usage_during_period", "sum(quantity)"),
    **_each("count count_agg event_count counter", "count()"),
    **_each("max max_agg maximum peak gauge", "highest(quantity)"),
    **_each("min min_agg minimum", "lowest(quantity)"),
    **_each("mean avg average average_agg", "mean(quantity)"),
    **_each("last latest latest_agg last_during_period last_value most_recent", "last(quantity)"),
    **_each("last_ever", "last(quantity since activation)"),
    **_each("first", "first(quantity)"),
    **_each("unique unique_count unique_count_agg count_distinct distinct cardinality", "unique(user)"),
    **_each("weighted_sum weighted_sum_agg time_weighted", "integral(quantity) / length(period)"),
    **_each("percentile p95 percentile_agg", "percentile(quantity, 95)"),
}
"""Names of aggregations in other systems, and the formula that measures the same."""

TIER_MODES = {
    **_each("volume volume_based all_units", "write `volume { … }`: the whole quantity at the row it reaches"),
    **_each("graduated incremental progressive slab marginal", "write `graduated { … }`: each slice at its own row"),
    **_each("package", _BLOCKS),
    **_each("standard per_unit flat", _RATE),
    **_each("percentage", "write `rate 1.2%`"),
    **_each("graduated_percentage", "write `graduated { … }` with rows such as `beyond  1%`"),
    **_each("licensed recurring", "a fee without usage is an `amount`: `amount 50 USD`"),
}
"""Names of price models in other systems."""

KEYS = {
    **_each("up_to upto to to_value last_unit max_quantity", _ROWS),
    **_each("from from_value first_unit min_quantity lower", _ROWS),
    **_each("unit_amount unit_amount_decimal per_unit_amount", _ROWS),
    **_each("flat_amount flat_amount_decimal flat_fee", _FLAT),
    **_each("divide_by package_size", _BLOCKS),
    **_each("aggregation aggregate_usage aggregation_type", _MEASURE),
    **_each("tiers_mode billing_scheme charge_model", _TIERS),
}
"""Words that other systems write `:` or `=` behind."""
