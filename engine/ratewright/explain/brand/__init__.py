"""Whose page it is: a style sheet and a logo of the seller."""
