"""From bytes to a student's answers: archives, names, modules, notebooks, the class list."""
