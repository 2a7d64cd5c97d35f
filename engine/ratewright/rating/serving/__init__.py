"""Usage in order of time: who pays for each piece of it, and which lines are fed what is left.

In: pieces of usage and the lots of an account. Out: what each line was given for each period, and tallies to tell of.
"""
