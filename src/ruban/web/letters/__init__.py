"""What readers see: letters, their counts and names, and the record itself."""
