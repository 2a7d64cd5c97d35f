"""The tree at work on one account: measure, serve, price, pay, and a bill with the reason of every figure.

In: a `Plan` and a `usage.model.Usage`, and the periods to bill. Out: `bill.Bill`s, whose figures carry their
derivation, or diagnostics. `walk.rate` is the way in: it walks through the account's time and asks the folders
below. `versions` and `corrections` walk again, for other prices and for what was reported late.
"""
