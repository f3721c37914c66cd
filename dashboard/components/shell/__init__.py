"""Components of every page: its head, its frame, icons, links, styles and notices."""
