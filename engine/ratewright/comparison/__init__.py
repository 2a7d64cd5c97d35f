"""Two bills → what their difference is made of.

In: the plans, the account's data and the period of each of two bills. Out: a `Comparison`, the difference in parts that
add up to it. What a bill is made from is exchanged, one input after the other, and the bill made anew each time.
"""
