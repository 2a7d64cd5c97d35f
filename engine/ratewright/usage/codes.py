"""Every finding about a fixture: its code, its title, and one sentence that explains it.

`TABLE` maps a code to (title, explanation); the reference pages and the tests go through it. The codes
never change their meaning: a finding that is dropped leaves its number unused.
"""

from __future__ import annotations

from ratewright.diagnostics import CodeTable

TABLE = CodeTable()
_code = TABLE.has


# The text as such.
NOT_READABLE = _code(
    "U101", "file cannot be read", "The file does not exist, is no regular file, or may not be opened."
)
TOO_LARGE = _code("U102", "file too large", "The file is larger than the limit on files that others wrote.")
NOT_UTF8 = _code("U103", "not UTF-8", "The bytes of the line are not text in UTF-8, so it cannot be read safely.")
BAD_YAML = _code("U104", "not well-formed YAML", "The text breaks the rules of YAML at this place.")
BAD_JSON = _code("U105", "not well-formed JSON", "The text breaks the rules of JSON at this place.")
TOO_DEEP = _code("U106", "nested too deeply", "Lists and mappings stand inside each other deeper than the limit.")
ALIAS = _code(
    "U107",
    "anchor or alias",
    "YAML anchors and aliases are refused: a short text could stand for a huge one.",
)
TAG = _code("U108", "tag", "YAML tags are refused: the key alone decides how its value is read.")
MERGE = _code("U109", "merge key", "The YAML merge key `<<` is refused: what a mapping holds is written in it.")
DUPLICATE_KEY = _code("U110", "key written twice", "A mapping has the same key twice, and only one could count.")
HIDDEN_CHARACTER = _code(
    "U111",
    "hidden character",
    "Control, invisible and direction-changing characters are refused: two names could look the same.",
)
UNKNOWN_FORMAT = _code("U112", "unknown kind of file", "The ending of the file's name is none that is read.")
NO_ACCOUNT = _code("U113", "no account", "The file is empty, so there is no account to read.")
SEVERAL_ACCOUNTS = _code("U114", "several accounts", "The file holds several accounts where one is asked for.")
ACCOUNT_TWICE = _code("U115", "account given twice", "Two documents of one file are about the same account.")

# The shape: keys, lists, values.
UNKNOWN_KEY = _code("U120", "unknown key", "The key is none that may stand here, so its value would be ignored.")
MISSING_KEY = _code("U121", "missing key", "A key that must be given is not there.")
WRONG_SHAPE = _code("U122", "wrong shape", "A list, a mapping and a single value each have their place.")
NO_VALUE = _code("U123", "no value", "The key is there without a value; a key that is left out says the same plainly.")
NOT_TOGETHER = _code("U124", "keys that exclude each other", "Exactly one of several keys has to be given.")

# Numbers with their units.
NOT_AMOUNT = _code("U130", "not an amount", "The text is no number, or no number and a unit.")
NEGATIVE = _code(
    "U131",
    "negative amount",
    "Sizes, results and lengths are never less than nothing. The quantity of a record is below 0 only where it takes"
    " usage back: `-200 calls`.",
)
EXPONENT = _code("U132", "exponent", "A number with an exponent is refused: written out it cannot be misread.")
NOT_FINITE = _code("U133", "not a finite number", "NaN and infinity are no amounts.")
OTHER_BASE = _code("U134", "number in another base", "Hexadecimal, octal and binary numbers are refused.")
UNDERSCORE = _code("U135", "underscore in a number", "Digits are grouped by commas, never by underscores.")
LEADING_ZERO = _code("U136", "leading zero", "Some programs read a number with a leading zero as octal.")
TOO_MANY_DIGITS = _code("U137", "too many digits", "The number has more digits than the limit.")
NOT_COUNT = _code("U138", "not a count", "A count is a whole number of at least 1, without a unit.")
UNIT_GLUED = _code("U139", "unit without a space", "A number stands apart from its unit.")

# Dates and times.
NOT_MOMENT = _code("U140", "not a date or time", "The text is no ISO date and no ISO date with a time.")
NO_SUCH_DATE = _code("U141", "no such date", "The calendar does not have this day.")
NO_SUCH_TIME = _code("U142", "no such time", "The hour, minute, second or UTC offset does not exist.")
NAIVE_TIME = _code("U143", "time without a timezone", "A time without an offset could be any of many instants.")
CLOCK_CHANGE = _code("U144", "time in a clock change", "The local time does not exist, or happens twice, on that day.")
YEAR_RANGE = _code("U145", "year out of range", "The year lies outside the years that are calculated with.")
NO_SUCH_ZONE = _code("U146", "unknown timezone", "The IANA list has no timezone of this name.")
NOT_PERIOD = _code("U147", "not a day or month", "A period is a month or a day; that of a total may be a year.")
NOT_BEFORE = _code("U148", "end not after start", "What holds from one time to another must hold for a while.")

# Records.
NO_TIME = _code(
    "U150", "record without a time", "A record says when: at an instant, from one to another, or in a period."
)
NO_QUANTITY = _code("U151", "record without a quantity", "Only an event may leave its quantity out; it then counts 1.")
CONFLICT = _code("U152", "one id, two contents", "Two records have the same source and id but say different things.")
UNKNOWN_SUBACCOUNT = _code("U153", "unknown subaccount", "The subaccount is not listed in `subaccounts`.")
# U154 was for ids that looked like those of records without one, which have none any more.
KNOWN_BEFORE = _code(
    "U155", "record known before it happened", "A late record became known at its own time, or after: never before."
)

# The account's own data.
DUPLICATE_ID = _code("U160", "id given twice", "Two purchases, or a purchase and a lot, have the same id.")
NEVER_BOUGHT = _code(
    "U161", "never bought", "A refund, a pause or a withdrawal names neither a purchase nor a lot of the balances."
)
GRANT_TWICE = _code("U162", "grant given twice", "A grant has one size for the account, or one for each `with`.")
SETTING_TWICE = _code("U163", "setting given twice", "A setting has two values from the same moment on.")
TOO_MANY_LOTS = _code("U164", "too many lots", "Balances and purchases make more lots than the limit.")
SUBACCOUNT_TWICE = _code(
    "U165", "subaccount listed twice", "A subaccount is listed once, and is not the account itself."
)
EXPECTS_NOTHING = _code("U166", "nothing expected", "An expectation names at least one figure of the bill.")

# Files of records.
OUTSIDE_FOLDER = _code("U170", "file outside the folder", "A fixture may only refer to files in its own folder.")
FILE_TWICE = _code("U171", "file given twice", "The records of the file would count twice.")
EMPTY_FILE = _code("U172", "empty file", "A CSV file needs at least its header.")
MISSING_COLUMN = _code("U173", "missing column", "The header lacks a column without which no row can be read.")
DUPLICATE_COLUMN = _code("U174", "column given twice", "Two columns have the same name.")
CELLS = _code("U175", "wrong number of cells", "A row has as many cells as the header has columns.")
LINE_TOO_LONG = _code("U176", "line too long", "A line of a file of records is longer than the limit.")
NOT_OBJECT = _code("U177", "line is no object", "Each line of a JSON Lines file is one JSON object.")
BAD_CSV = _code("U178", "not well-formed CSV", "The quotes of the row do not fit together.")
STOPPED = _code("U180", "reading stopped", "A file has so many errors that the rest of it was not read.")
