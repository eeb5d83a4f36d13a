"""Views of signing, one file each."""
