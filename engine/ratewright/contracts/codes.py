"""The codes of contracts."""

from __future__ import annotations

from ratewright.diagnostics import CodeTable

TABLE = CodeTable()
_code = TABLE.has

NO_SUCH_PART = _code(
    "D101",
    "a part that the list does not have",
    "A contract speaks of what its list names: a line, a statement of it, a row by its bound, a cell of a table. Here"
    " the list has no such part, or more than one figure in it. The help says what there is. A list that changed under"
    " a contract is found out so.",
)
NOT_CHANGED = _code(
    "D102",
    "what a contract cannot change",
    "How usage is measured, when and for whom it is billed, in which units and currency, and what accounts set is the"
    " list's. A figure gives way to one of its kind only, and what a contract adds has a name that the list lacks.",
)
TIE = _code(
    "D103",
    "two differences in one figure",
    "Two statements put something in place of one figure, and none is narrower: of two contracts the one that is `for`"
    " fewer accounts holds. Keep one of them.",
)
FACTORS = _code(
    "D104",
    "factors that meet",
    "Two factors are on one figure, and it is not said, or said in two ways, how they act together: `compound`"
    " multiplies them, `add` adds what they take off, `largest` keeps the one that takes off most.",
)
LIST_CHANGED = _code(
    "D107",
    "a list that changed under a contract",
    "A later version of the list has another figure where the contract put its own. A factor follows the list; a"
    " replacement does not, and holds as it was agreed. Look whether that is meant, or pin the contract to a version:"
    " `list photo_api as of 2026-01-21`.",
)
NO_PERCENT = _code(
    "D108",
    "a factor without its `%`",
    "`scale … by 80` is 80 times the price, where 80% of it is likelier to be meant. A factor of 10 or more is written"
    " in percent, so that a `%` left out never multiplies a bill: 80 times is `by 8,000%`.",
)
OTHER_LIST = _code(
    "D105",
    "a contract of another list",
    "The file is no contract, or the contract names another list than the one that is billed, or a day on which none"
    " of its versions held.",
)
OTHER_ACCOUNT = _code(
    "D106",
    "a contract of another account",
    "The contract says whose it is, and the account at hand is not among them, or says otherwise which version it is"
    " kept on.",
)
