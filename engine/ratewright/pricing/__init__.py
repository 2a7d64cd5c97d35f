"""Prices in numbers only: no text, no trace, no tree of a rule file.

In: exact numbers. Out: exact numbers. Bills, checks, advice, curves and comparisons all ask these functions, so that
a price has one meaning.

| module | answers |
|---|---|
| `bounds` | in which row a quantity is |
| `terms` | what a price of several terms comes to |
| `forms` | what a price form comes to: its amount, row by row |
| `blocks` | the blocks that a quantity is cut into |
| `breaks` | at which quantities a price stops being the straight line that it was |
| `settling` | what share, bounds and rounding make of an amount |
| `spread` | how an amount is spread over others |
"""
