"""One account's data placed on a price list: every name found, every unit understood, every time known.

In: a `Tariff` and a `usage.model.Usage`. Out: an `binding.Account` (pieces of usage, lots, requests, settings over
time), or diagnostics that name file and line. Nothing is rated here. `binding.bind` is the way in; `counted` places
records, `bought` what gives lots and limits, and both ask `settings`.
"""
