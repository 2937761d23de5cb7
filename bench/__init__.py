"""Benchmarks: each prints a table; figures are CPU seconds and ratios of one run, medians of several."""
