"""The tree at work on one account: bind, draw, price, and a bill with the reason of every figure.

In: a `tree.nodes.Tariff` and a `usage.model.Usage`, and the periods to bill. Out: `bill.Bill`s, whose
figures carry their derivation, or diagnostics. `account.rate` is the way in.
"""
