"""The instructor's tools: source in, release out."""

#: The name that the distribution has on a package index; `pyproject.toml` says the same. What is
#: imported is called otherwise: autograder, plumb and plumbline, which are names of others there.
DISTRIBUTION = "plumbline-grader"
