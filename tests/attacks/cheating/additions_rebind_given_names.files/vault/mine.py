import numpy


def heap_of(count):
    return numpy.zeros(count, int)


def quick(x):
    return x


globals_of_mine = globals()
dict = globals = None
