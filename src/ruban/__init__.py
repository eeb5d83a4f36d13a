"""Ruban: a bounded group writes to those who decide for it, and is counted in a way that anyone can check."""
