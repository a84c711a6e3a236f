"""Grids: a scenario under every combination of a few values of two or three parameters, for hand-outs with sliders."""
