"""Check your own work: run the visible checks on your code.

In a notebook::

    from selfcheck import check
    check("conv_forward")

In a terminal, in the folder of the assignment::

    python -m selfcheck
    python -m selfcheck conv_forward
"""

from .checking import check

__all__ = ["check"]
