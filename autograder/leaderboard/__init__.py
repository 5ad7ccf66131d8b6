"""Ranked predictions: what students hand in for it, ranks, the board's file, tables and page."""
