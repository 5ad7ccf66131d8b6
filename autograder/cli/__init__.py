"""The grader's commands, one file each: they parse, call one function, and print."""
