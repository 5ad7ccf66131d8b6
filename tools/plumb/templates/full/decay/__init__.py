"""Laws of decay."""
