"""The codes of what is sound in a list and still likely wrong."""

from __future__ import annotations

TABLE = {
    "C101": (
        "a bill that falls as usage grows",
        "At a bound of `volume` tiers the whole quantity takes a lower price, so a little more usage costs less in all."
        " If the vendor means it, nothing is to be done; if each slice has its own price, write `graduated`.",
    ),
    "C102": (
        "usage that nothing charges",
        "No charge, formula or order of payment uses the meter: all its usage is listed as unserved. Add a charge for"
        " it, or delete it.",
    ),
    "C103": (
        "a setting that nothing asks for",
        "Whatever an account sets has no effect. Use the setting in a `when` or a formula, or delete it.",
    ),
    "C104": (
        "a formula that nothing uses",
        "Nothing names the `define`, so it changes nothing, and its own mistakes are not seen. Use it, or delete it."
        " The steps of a meter are left out: they are there to be seen.",
    ),
    "C105": (
        "a table or column that nothing looks up",
        "No formula and no price reads it, so its figures change nothing. Look it up, or delete it.",
    ),
    "C106": (
        "a row that nothing reaches",
        "Everything that the table is looked up by has certain choices, and the row's key is none of them. It may be"
        " misspelt, or meant for all others: that row is `else`. Correct its name, or delete it. An `else` is"
        " reached by nothing where each of the choices has a row of its own.",
    ),
    "C107": (
        "a choice without a row",
        "The table is looked up by a setting, a field or a formula that may be what no row has; the bill is then"
        " refused. Add the row, or `else` for all that have none; `not sold` says that it is meant.",
    ),
    "C108": (
        "a point that may be meant for a comma, or a comma for a point",
        "`10.000` is ten, for a point begins the decimals and commas group three digits. Counted things have no"
        " decimals, so ten thousand was probably meant. A tax of `8,875%` is above 100%, where `8.875%` was meant.",
    ),
    "C109": (
        "a rate that is one amount",
        "A `rate` of money alone is charged once, whatever the quantity, as soon as there is any. If each unit has that"
        " price, write the unit behind it, as in `0.01 USD/call`; in a table that a `rate` looks up, in its cells"
        " or behind its `in`.",
    ),
    "C110": (
        "a fee on both sides of a change",
        "The list says `changes split the period`, and the change lies inside a period of the charge: its fee, or its"
        " `minimum`, is then billed whole in both parts. If that is not meant, write `prorated by day`, or let the"
        " `minimum` go by `days(period)`.",
    ),
    "C112": (
        "a price that is missing in a currency",
        "The list has prices in several currencies, and this one is not in all of them: an account in another currency"
        " is refused a bill as soon as it is asked. Write the price in each, `0.08 USD/pic or 0.07 EUR/pic`, or keep"
        " the line to one currency, `when currency == USD`.",
    ),
    "C113": (
        "periods of the clock that may be meant from a first use",
        "`every 60 minutes` are the hours of the clock, and `every 24 hours` begin at midnight. Where an hour begins"
        " with the first use that no other holds, write `every 60 minutes from first use`.",
    ),
    "C114": (
        "a tax on a tax",
        "A tax that is added is on a price, or on a sum of prices, that has another tax inside: it taxes that too."
        " Where the list does not mean this, take the inner one off, `on ticket - inside`.",
    ),
    "C115": (
        "a title or a sentence that a language lacks",
        "Some titles and sentences of the list stand in this language, and others do not: a bill in it has the list's"
        " own words there. Add what is missing, or leave it where the words are the same.",
    ),
    "C111": (
        "what is bought, taxed twice",
        "A package that pays of the `total` is taxed when it is bought, and what it pays for is taxed as well. Let it"
        " cover `subtotal`, so that it pays before taxes; or let the tax be on the lines that it is meant for.",
    ),
}
