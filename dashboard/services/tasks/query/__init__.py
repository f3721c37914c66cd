"""The query language: text to a tree (parse.py) and back (printing.py), and from there to SQL conditions (plan.py)."""
