"""Views of organisers, one a file."""
