"""Calibration: which sets of parameters make the model do what was observed, and how far all else is left open."""
