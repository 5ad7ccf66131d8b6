"""Roots of functions."""
