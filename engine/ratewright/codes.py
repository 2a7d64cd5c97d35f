"""Every code a diagnostic can have: its title, and a paragraph on what it means and what to do.

The codes never change their meaning; a finding that is dropped leaves its number unused. A letter says
where a code comes from: R the rules as written, C the checks of a sound list, A an account and its bill,
U the usage files, X a template of one's own, L the command line. Those of R, C and A stand here, since
several folders report them; the others stand beside the code that reports them and are joined in.
"""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """What a code stands for."""

    title: str
    explanation: str


_R = {
    "R101": (
        "something cannot stand here",
        "The text does not read as a rule file at this place. The message says what could have stood there; the"
        " help says how to write what was probably meant. Other declarations were read all the same.",
    ),
    "R102": (
        "something has no end",
        "A block, a bracket or a text in quotes was opened and not closed. Close it with `}`, `)`, `]` or"
        ' `"`; a text ends on the line it starts on.',
    ),
    "R103": (
        "not a number as numbers are written here",
        "Numbers have the digits 0 to 9, a point before the decimals and, if at all, commas between groups of"
        " three. They have no exponent, at most 38 digits and 18 decimals, and stand apart from their unit.",
    ),
    "R104": (
        "a date or time that does not exist",
        "The calendar has no such day or time, or the clocks skip or repeat it in the list's timezone, or its"
        " year is outside those that are reckoned with. Write one that exists; an offset makes a time certain.",
    ),
    "R105": (
        "over a limit",
        "The file, a formula or a table is larger or deeper than what is read. The message has the figure found and"
        " the limit. Split what is too large, or raise the limit where a flag is named.",
    ),
    "R106": (
        "a hidden character",
        "A character that cannot be seen, ends a line for some programs only, looks like a space, or changes the"
        " order in which a line is shown. Two files that look alike could charge differently. Delete it.",
    ),
    "R107": (
        "a file that cannot be read",
        "The rule file is missing, may not be opened, or is not text in UTF-8. Check the path, or save it as UTF-8.",
    ),
    "R201": (
        "a name that means nothing here",
        "Nothing of this name is declared, or what is declared cannot be used in this place. Look at the spelling,"
        " declare it, or use one of the names that are known there. A text stands in quotes.",
    ),
    "R202": (
        "declared twice",
        "All names of a list share one space, so a name has one meaning: not that of two declarations, and not that"
        " of a unit, a currency or a word such as `total`. Choose another name, or delete one of the two.",
    ),
    "R203": (
        "something is missing, or too much",
        "A declaration lacks a statement that it needs, or has one that its kind does not have: a package without"
        " `sizes`, a charge with two prices. The help says what to write.",
    ),
    "R204": (
        "a statement stands twice",
        "Only one of them could hold, and nothing says which. Keep one.",
    ),
    "R205": (
        "kinds or units that do not fit",
        "Only like can be added to, compared with or put in place of like: money and money, pics and pics, the cells of"
        " one column. Give a number its unit, or multiply and divide until the units agree. A list has one currency.",
    ),
    "R206": (
        "an unknown unit",
        "The unit is neither built in nor declared, or it counts bytes and the list does not say whether by 1000 or"
        " by 1024. Declare it with `unit`, or write `bytes by …` in the tariff block.",
    ),
    "R207": (
        "a division that reads in two ways",
        "`a / 3 USD/GB` would divide by 3 USD and then by GB, which nobody means. Write `a / (3 USD/GB)`.",
    ),
    "R208": (
        "a function used in a way it does not have",
        "The function does not exist, takes other values, or works on records where there are none; or a table is"
        " looked up by too many keys or too few. `max` and `min` compare two values or more; `highest` and `lowest` go"
        " over records.",
    ),
    "R209": (
        "an unknown currency or timezone",
        "Currencies are the codes of ISO 4217, timezones the names of the IANA list. Write one of these.",
    ),
    "R210": (
        "bounds that do not increase",
        "A row begins where the one before it ends, so bounds must grow from row to row, from more than 0 on. Put the"
        " rows in order.",
    ),
    "R211": (
        "tiers that do not cover everything",
        "Rows of ranges end in `beyond`, so that no quantity is without a row. Add it as the last row; a quantity that"
        " has no price is `beyond not sold`.",
    ),
    "R212": (
        "an order of payment that does not hold together",
        "`deduct` names each source of a meter once, pools before charges; a pool that covers the meter must be among"
        " them, and sources that share a rank must draw alike. Correct the order, or what the pool covers.",
    ),
    "R213": (
        "a charge that nothing feeds",
        "The meter has an order of payment that does not end in this charge, so it would never be charged; or the"
        " charge waits for readings that nothing takes. Name it last in `deduct`, or bill it by the calendar.",
    ),
    "R214": (
        "a pool whose unit is not that of what it covers",
        "A pool in pics cannot pay for bytes unless the list says how many pics one of them takes. Write the ratio"
        " behind `at`, or let each meter have a pool of its own. Money is paid one for one.",
    ),
    "R215": (
        "a circle",
        "Lines, units or named formulas are made of each other, so none of them has a value. Let one not depend on the"
        " others.",
    ),
    "R216": (
        "a name with two meanings",
        "The word is declared and is also one of the choices it is compared with. Write the choice in quotes.",
    ),
    "R217": (
        "a bound without its unit",
        "Bounds of counted things may be bare numbers; bounds of bytes, times or money may not, since 10 could be 10 GB"
        " or 10 TB. Write the unit.",
    ),
    "R218": (
        "a validity that ends before it starts",
        "`until` names the first day on which the list no longer holds, so it is after `from`.",
    ),
    "R219": (
        "a figure that makes no sense here",
        "A step, block, size or length of 0, a day of the month past 31, a period that the calendar does not have, a"
        " discount of more than there is, a minimum above the maximum. The help says what can be written.",
    ),
    "R220": (
        "a charge on one of a longer period",
        "A line that is billed each day cannot refer to one that is billed each month, nor to a sum that has such a"
        " line: on most days that one has no amount yet. Let it be billed as seldom as what it refers to.",
    ),
    "R221": (
        "a row that does not fit its table",
        "A row is its keys, then its cells: a bound or a name, and a cell for each name of the header. A row has only"
        " an upper bound; behind a number without a unit no word may stand; a key of two words stands in quotes.",
    ),
    "R222": (
        "a period billed before it is known",
        "The meter has one figure for its whole period, such as a peak, so no part of it is owed before the period"
        " ends; and nothing of usage is known when a period begins. Delete `billed`, or let the charge be on what is"
        " known by then.",
    ),
    "R223": (
        "meters or lines that do not meet",
        "A line is on two meters that are kept apart by different names, so nothing says which of their quantities"
        " belong together: keep both apart by the same names. Or a discount or a tax is kept apart `by` something by"
        " which a line that it is on is not.",
    ),
    "R224": (
        "a measure without a grain",
        "A line asks a meter for something that its place does not settle: another meter's records beside the one"
        " record that it prices, or a quota that would have to pay for a peak of the day and one of the month at once,"
        " or how large one record is that is spread over its time."
        " Or an example expects a meter that is measured for several periods."
        " The help says how to write it.",
    ),
    "R225": (
        "usage that cannot be taken back",
        "A meter says `corrections`, so a record below 0 takes usage back, and its measure, a quota or a charge cannot:"
        " it is no sum of quantities, or where what was used went is not known any more. The help says what can.",
    ),
}

_C = {
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
        " price, write the unit behind it, as in `0.01 USD/call`.",
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
    "C111": (
        "what is bought, taxed twice",
        "A package that pays of the `total` is taxed when it is bought, and what it pays for is taxed as well. Let it"
        " cover `subtotal`, so that it pays before taxes; or let the tax be on the lines that it is meant for.",
    ),
}

_A = {
    "A101": (
        "usage of an unknown meter",
        "The account's data name a meter that the price list does not have. Correct the name, or use the list's own.",
    ),
    "A102": (
        "a field that is wrong or missing",
        "A record has a field that its meter does not declare, lacks one that has no default, or gives it a value of"
        " another kind. Correct the record, or declare the field.",
    ),
    "A103": (
        "a quantity in another unit",
        "A record's quantity has no unit where it needs one, or one that its meter does not count in. Write the unit.",
    ),
    "A104": (
        "a setting that cannot be taken",
        "A setting is unknown, has a value of another kind, has none although the list gives no default, or changes"
        " twice at one instant. Correct it in the account's data.",
    ),
    "A105": (
        "a purchase that is not sold",
        "The package, or the size of it, is not in the price list, or no lot is bought. The message says what is sold.",
    ),
    "A106": (
        "an extension that is not sold",
        "The limit is not extended in this amount or for this term. The message says what is sold.",
    ),
    "A107": (
        "a balance or size that does not fit",
        "A balance, a lot or the size of a grant is of an unknown pool, in another unit, given twice, or more than"
        " there was. Correct it in the account's data.",
    ),
    "A108": (
        "an attribute that a lot cannot have",
        "A purchase or a balance says by `with` what it pays for only, and its pool has no such `scope`, or the value"
        " is not one that usage can have. The message says what there is.",
    ),
    "A109": (
        "an account without a currency of the list",
        "The list has prices in several currencies and the account's data name none, or one in which it has none. Write"
        " `currency: EUR` in the data.",
    ),
    "A201": (
        "before the account was activated",
        "Usage or a purchase is from before the activation. Correct its time, or the activation's.",
    ),
    "A202": (
        "before the opening balances",
        "The usage is from before the balances were taken, so they already include it. Take it out, or give earlier"
        " balances.",
    ),
    "A203": (
        "the price list does not hold then",
        "The period starts outside the days for which the list is in effect. Use the list that held then.",
    ),
    "A204": (
        "an opening that does not fit the periods",
        "Balances are those of one instant; a bill can start there or later, where a period begins.",
    ),
    "A205": (
        "a time that cannot be placed",
        "The clocks skip or repeat the time in the list's timezone, a record ends before it begins, or a length of time"
        " leads out of the years 1 to 9999. Correct it, or give the offset.",
    ),
    "A206": (
        "a request for something not bought",
        "A refund, a pause or a withdrawal names no purchase of the account, or is asked for before it was bought.",
    ),
    "A207": (
        "no period that can be billed",
        "What was asked for is no month, day or year, or the account's data tell of no time. Write 2026-03.",
    ),
    "A208": (
        "an example that cannot be run",
        "An input of an example cannot be turned into usage, or the example says no time for anything.",
    ),
    "A209": (
        "versions of a price list that do not fit",
        "The versions overlap, leave a gap, or do not say which holds; or prices change inside periods that do not end"
        " together; or a later one has no quota of which something is left. Let each hold until the day from which the"
        " next holds, or state `changes split the period`.",
    ),
    "A210": (
        "a measure that looks back further than the data",
        "A measure `since` an instant needs the records from then on, and the account's data begin later or give a"
        " measured value instead of them. Give the records, or the measure's own result as a measured value.",
    ),
    "A211": (
        "bills that cannot be compared",
        "Two bills are compared of one account, in one currency and one timezone, each of one month or of one day."
        " Name such bills.",
    ),
    "A301": (
        "a total that meets a lot inside it",
        "A total stands for a whole stretch of time, and a lot starts or ends inside it: how much the lot covers is not"
        " known, and nothing is guessed. Split the total at that time, or give the records themselves.",
    ),
    "A302": (
        "a total that meets a change of a setting",
        "A setting that decides about the charge changes inside the stretch that the total stands for. Split the total"
        " at that time, or give the records themselves.",
    ),
    "A303": (
        "a total that runs past a period",
        "The total would belong to two periods of the charge. Give a total for each period.",
    ),
    "A304": (
        "a refund or a withdrawal inside a total",
        "Whether the lot was unused by then, or how much of it was left, is not known. Split the total at that time, or"
        " give the records themselves.",
    ),
    "A305": (
        "a setting that changes inside a period",
        "A formula reads the setting once for the period, so two values would be possible. Let the setting change where"
        " a period ends, or ask for it in `when`.",
    ),
    "A306": (
        "usage that is settled too late",
        "Usage that is served `in order of` something, or a line that is paid, is settled when its period ends. A lot"
        " that rolled over, was given back or was withdrawn from within that period had to know before what it had"
        " left. Let both end together.",
    ),
    "A307": (
        "usage that a formula would have to divide",
        "A record stands for a stretch of time, and a formula asks when usage was, or works it out for each day or"
        " month, and has more than one answer inside that stretch. How much belongs to each is not known. Split the"
        " record there, or give the records themselves; or let the meter say `spread evenly` where the list has it so.",
    ),
    "A308": (
        "readings that overlap",
        "A meter is read from one time to the next, and a reading begins before the one before it ends: the time"
        " between would be billed twice. Correct the times, or keep two devices apart by a field and `by`.",
    ),
    "A309": (
        "usage from before a line's first period",
        "The periods of a line are counted from a date or a setting, and begin with it. Usage from before that has no"
        " period in which it could be billed. Correct the date, or give the usage to another line.",
    ),
    "A310": (
        "a withdrawal that does not fit",
        "The account's data take back a part of a quota, and less is left at that instant than is withdrawn, no lot is"
        " valid then, or it is not said of which lot. Correct the quantity, the time, or what it is of.",
    ),
    "A401": (
        "a quantity that is not sold",
        "The quantity reaches a row that is `not sold`. Ask the vendor for its price, or add one to the row.",
    ),
    "A402": (
        "a key that a table does not have",
        "A table is looked up by a value that none of its rows has. It is never 0 and never the row below: add a row,"
        " or correct the value.",
    ),
    "A403": (
        "an amount that is not in the account's currency",
        "The list has prices in several currencies, and this one is not in that of the account. Nothing is converted:"
        " write the price in each currency, `0.08 USD/pic or 0.07 EUR/pic`.",
    ),
    "A501": (
        "a figure below 0",
        "A meter, a record or a refund comes out negative, which no bill can have. Say in the formula what holds then:"
        " `max(…, 0)`.",
    ),
    "A502": (
        "a ratio that takes nothing",
        "How much of a pool a unit of usage takes must be more than 0, or a lot would pay for usage without an end."
        " Correct the formula or the table.",
    ),
    "A503": (
        "usage taken back that was not there",
        "A record is below 0 and its meter says nothing of `corrections`, or a period has more taken back than was used"
        " in it. Correct the sign, bring the record in the period that it corrects, or let the list say that a credit"
        " is given: `corrections below 0`.",
    ),
    "A601": (
        "a formula without a value",
        "The formula divides by 0, or its exact value outgrows what is kept. Ask first with `if`, or declare a rounding"
        " inside the formula.",
    ),
    "A602": (
        "over a limit of one account",
        "The account has more lots, or more periods were asked for, than is worked on at once. Ask for fewer, or raise"
        " the limit where a flag is named.",
    ),
}


def catalogue() -> dict[str, Entry]:
    """Every code with its title and explanation, in order."""
    from ratewright.cli.codes import TABLE as CLI
    from ratewright.contracts.codes import TABLE as CONTRACTS
    from ratewright.explain.template_codes import TABLE as TEMPLATES
    from ratewright.usage.codes import TABLE as USAGE

    tables = (_R, _C, CONTRACTS, _A, USAGE, TEMPLATES, CLI)
    return {code: Entry(*table[code]) for table in tables for code in sorted(table)}
