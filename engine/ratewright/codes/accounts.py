"""The codes of an account and its bill."""

from __future__ import annotations

TABLE = {
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
        " together; or a later one has no quota of which something is left; or a change that splits the period lies"
        " inside a cycle that usage fills. Let each hold until the day from which the"
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
    "A311": (
        "usage that does not say when it was first used",
        "Periods `from first use` begin with a record. A total, or a result that is given in place of records, stands"
        " for many, and when the first of them was is not known. Give the records themselves.",
    ),
    "A312": (
        "a result of a part of a period",
        "The account's data give the result of a meter (`measured`) for a shorter time than the period for which it is"
        " asked: the peak of a month for a line of a quarter. Sums add up, other results do not. Give the result for"
        " the whole period, or the records in its place.",
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
        "A meter, a record, a refund or a discount comes out negative, which no bill can have. Say in the formula what"
        " holds then: `max(…, 0)`.",
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
