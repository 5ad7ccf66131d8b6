"""What runs inside the box, beside ``core``; nothing else of the grader enters it."""
