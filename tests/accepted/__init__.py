"""Right answers as students write them, made anew from what real work showed.

Each replaces an answer of the reference and must lose no point (`tests.mistakes.variant`). One with
a `feature` is wrong where a variant's text asks for more, and is caught there by one check alone.
"""
