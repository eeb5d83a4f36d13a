"""A Debian machine that serves groups: what it is to be (`plan`), the files that make it so, and the doing."""
