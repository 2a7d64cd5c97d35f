"""What the meters of an account come to, for a period and a key or for one record alone.

In: the plan, an account and its records. Out: measured values with how they came about; the same whoever asks.
"""
