"""A second opinion: what a bill must be, worked out from the documents alone.

An evaluator of the rule language, written from `docs/language.md`, `docs/usage.md`, `docs/bills.md` and
`docs/contracts.md`: slow and plain, in fractions, record by record. It shares the parser and the syntax tree with the
engine, and nothing else: neither the tree with meanings, nor the checks, nor the rating; what contracts change in the
tree it works out by itself. Random price lists with random usage (`random_cases`, `random_twists`) are billed by both,
and lines, what the list alone asks for them, payments, sums, balances, limits and what nobody paid for must be the
same; both may refuse, not one alone.

`pytest tests/reference` bills some fifteen hundred months; `python -m tests.reference --seed 1 --cases 1000000` any
number. On a difference the case is shrunk and printed.

Not covered by either (the evaluator raises NotCovered for what it meets of them):

- `history`: openings where a window is open, or a meter looks back; what rolled over before an opening, and how long
  a lot is valid of which neither the purchase nor the end is told (a law has whole openings: months one by one);
- limits with late usage;
- versions that differ in more than figures, from late usage, or beside a grant with a scope; a list that ends
  (`effective … until`) with no version behind it; a debt that goes on to another version;
- contracts for some of the time beside a grant with a scope, or that change for which periods other lines are, or
  quotas of what is spread or taken back; `list_amount` of corrections, and where quotas of money pay (laws have it);
- `measured` results of what is drawn record by record, looks back, or is asked for other times than the result's;
- `in order of` by the rows of a table, from quotas that others draw from, that roll over or may be given back;
- late usage where a quota pays for the total; how a correction is spread over lines;
- usage that is taken back of what is billed in parts;
- quotas in a formula; quotas on one measure of several periods; a measure of a period that is billed in parts;
- windows from a first use of what lasts, or of totals;
- `every reading` of what is no state, or of several meters;
- states that run past the end of a period or a window, but in `integral`; an `integral` over totals;
- a setting that changes inside a state or a total, and the answer of its meter does not, or in an `integral`;
- usage kept apart by what is no text; tables of tiers with several other keys;
- a time of the day that is no full hour, for states and totals; every so many months that do not divide a year.

Covered by the evaluator, and by the random cases not at all: grants and packages in other units than their meter,
`bytes`, tables with ranges in a formula, pinned contracts, replacements in one currency alone.
`test_evaluator` and `test_evaluator_of_contracts` have bills of the documents that were worked out by hand.
"""
