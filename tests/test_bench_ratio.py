"""benchmarks/bench_ratio.py: which figures of two releases are compared, and how."""

from __future__ import annotations

from scripts import benchmark_module

bench_ratio = benchmark_module("bench_ratio")


def test_figures_of_one_name_are_compared_round_by_round() -> None:
    before = [
        {"run": (2.0, "s"), "gone": (1.0, "s"), "lost": (0.0, "MB")},
        {"run": (4.0, "s"), "lost": (1.0, "MB")},
    ]
    now = [
        {"run": (1.0, "s"), "new": (1.0, "s"), "lost": (3.0, "MB")},
        {"run": (6.0, "s"), "lost": (3.0, "MB")},
    ]
    (ratio,) = bench_ratio.ratios(before, now)
    assert (ratio.what, ratio.unit, ratio.before, ratio.now) == ("run", "s", 3.0, 3.5)
    assert ratio.ratios == (0.5, 1.5)
    assert "1.00  (0.50 to 1.50)" in str(ratio)
