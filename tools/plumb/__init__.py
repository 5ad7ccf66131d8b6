"""The instructor's tools: source in, release out."""
