"""Roots of numbers."""
