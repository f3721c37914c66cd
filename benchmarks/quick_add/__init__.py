"""What it takes to read a line of words."""
