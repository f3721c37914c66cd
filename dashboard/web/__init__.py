"""The edge of the server: what every request and socket passes before it reaches the API or Reflex."""
