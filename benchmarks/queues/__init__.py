"""What many waiting writes cost a server whose database is held by another program, and what becomes of too many."""
