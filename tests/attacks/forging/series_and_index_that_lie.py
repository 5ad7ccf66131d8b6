# Tries: to pass by a Series that says it is another one, and by an Index that no memory holds.
# Must happen: each is read as what it is; a range is compared by its three numbers.
# Score: 2
# Outcomes: double=failed|error|killed
def double(x):
    import pandas

    class Row(pandas.Series):
        name = property(lambda self: "right", lambda self, name: None)

        def __array__(self, *args, **kwargs):
            raise SystemExit(0)

        def __reduce__(self):
            return (exec, ("open('/tmp/attack-was-here', 'w')",))

        def __eq__(self, other):
            return True

        to_numpy = equals = __iter__ = __array__

    return Row([7.0]) if x.ndim == 2 else pandas.RangeIndex(10**15)
