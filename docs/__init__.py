"""Pages for people, and what writes them."""
