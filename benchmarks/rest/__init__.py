"""REST on SQLite: the real program beside a hand-written one, under the same load. `python -m benchmarks.rest`"""
