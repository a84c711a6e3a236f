"""Figures of a study: each draws a tidy table, says its finding, and which kind of band it has."""
