"""One submission into one report; many with workers; a stopped run goes on where it was."""
