# Tries: to pass by a table of pandas that names other columns than it has, and runs code when read.
# Must happen: it is read as a plain table.
# Score: 2
# Outcomes: double=failed|error lurking_treasure=failed|error
def liar():
    import pandas

    class Table(pandas.DataFrame):
        shape, dtypes = (2, 3), None
        columns = property(lambda self: pandas.Index(["a"] * 10**6))

        def __array__(self, *args, **kwargs):
            raise SystemExit(0)

        def __reduce__(self):
            return (exec, ("open('/tmp/attack-was-here', 'w')",))

        to_numpy = __eq__ = equals = __array__

    return Table({"b": [1.0, 2.0]})


def double(x):
    return liar()


def secret():
    return liar(), liar(), liar()
