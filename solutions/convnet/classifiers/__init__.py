"""Whole networks, put together from the layers; a module for each kind."""
