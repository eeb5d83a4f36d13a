"""How a member signs: one static page, the same for everybody, and what it sends."""
