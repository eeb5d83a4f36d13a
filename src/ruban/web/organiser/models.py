"""What organisers need and nobody else sees."""
