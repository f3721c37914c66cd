"""Components of an account: signing in, and the sections of the settings page."""
