"""Bills for machines: JSON by a published schema, CSV for spreadsheets.

In: a `rating.bill.Bill` or `Statement`. Out: plain data, every figure an exact decimal in a string (a
ratio `1/3` where decimals do not end), every instant in ISO 8601 with its offset.
"""
