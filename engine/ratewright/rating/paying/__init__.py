"""Money that goes in or out besides the lines: purchases, refunds, and what pools of money pay.

In: what was bought, asked back or owed. Out: lines of a bill.
"""
