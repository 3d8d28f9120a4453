"""Measures what docs/performance.md states. `bin/bench --help` lists the figures."""
