"""What people can do: one module per noun, plain functions that take a database session and an actor."""
