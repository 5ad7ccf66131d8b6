"""From what an instructor names to one job a student: bulk downloads, attempts, the roster."""
