"""Rows put together: the sections of a bill, and what a bill and a statement begin and end with."""
