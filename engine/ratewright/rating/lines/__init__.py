"""One line of a bill, for one of its periods and keys: its quantity, its price, its bounds, and how they came about.

In: what a line was fed and what other lines came to. Out: a `bill.Line` with its derivation, or why there is none.
"""
