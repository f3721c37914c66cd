"""REST: HTTP to services and back, nothing more."""
