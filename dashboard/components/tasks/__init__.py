"""Components of tasks: the list, its rows, the dialog and what is around them."""
