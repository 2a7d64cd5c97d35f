"""Figures, times, names and sentences as the reader of one bill sees them, in each language."""
