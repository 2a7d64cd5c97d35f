"""What an account holds and draws from: lots, the cycles of those that renew, and the queues they stand in.

In: lots and what usage needs of them. Out: what each lot gave. Knows neither usage nor lines of bills.
"""
