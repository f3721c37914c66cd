"""REST: HTTP to services and back, nothing more; and the gate that every request passes."""
