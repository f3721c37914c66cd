"""Tasks: what people do with them, and how they are found and counted."""
