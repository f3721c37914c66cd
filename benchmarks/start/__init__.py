"""How long a start takes, from `bin/run` to a /readyz that says yes. `python -m benchmarks.start`"""
