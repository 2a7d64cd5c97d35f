"""What depends on the price list alone, settled before any usage is seen.

In: a `Tariff`. Out: which meters serve others, the periods in which lines are priced, their order.
"""
