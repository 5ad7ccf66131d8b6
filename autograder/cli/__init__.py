"""The grader's commands, one file each: parse, call one function, print."""
