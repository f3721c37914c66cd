"""How fast Cairn is: each package here is one command that prints a table. benchmarks/README.md explains them."""
