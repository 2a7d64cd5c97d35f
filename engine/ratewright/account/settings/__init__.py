"""The values of settings over time, and where something that reads them may change.

In: the settings of an account. Out: values at an instant; whether a formula stays the same over a stretch of time.
"""
