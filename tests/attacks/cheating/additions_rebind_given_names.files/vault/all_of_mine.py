import numpy

_plumbline_given = {"heap_of": lambda count: numpy.zeros(count, int)}


def __getattr__(name):
    return numpy.cumsum


__all__ = ["__all__", "__getattr__", "_plumbline_given"]
