"""Why a figure is what it is: what was seen while it was computed, and how a reader would write it.

In: nodes, and the values that they came to. Out: trace nodes (`trace`), and figures, formulas and prices as texts in
the units and words of one price list. Nothing is decided here; sentences are the explanation's business.
"""
