"""The codes of what is wrong in rules as they are written."""

from __future__ import annotations

TABLE = {
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
    "R226": (
        "a window that begins with no first use",
        "Periods `from first use` begin with the first record of one meter. The charge is on no meter, or on several;"
        " or its meter spreads its records, or takes usage back; or something speaks of the days of a window.",
    ),
    "R227": (
        "no name of a language",
        "Behind a title stand those in other languages, each with the name of its language before it, as the CLDR"
        ' writes it: `"Calls" de "Anrufe" zh-Hans "通话"`.',
    ),
    "R228": (
        "a line that names what comes behind it",
        "Charges and discounts are worked out first, then taxes. So a charge cannot name a tax, nor a sum with a tax in"
        " it, nor one with a discount that is on that charge. Name `charges` or `subtotal`, or the lines themselves.",
    ),
}
