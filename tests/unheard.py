"""What may happen to an exception that a clock raises, wherever the program is just then."""

#: A function that Hypothesis has called at every collection of garbage: raised in there it is lost,
#: with a warning, and raised again a second later.
UNHEARD = "ignore::pytest.PytestUnraisableExceptionWarning"
