"""Grading: one check, one submission, many with workers, a whole class; resuming a stopped run."""
