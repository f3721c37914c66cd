"""Functions that return components: how things look, with no query and no rule in them."""
