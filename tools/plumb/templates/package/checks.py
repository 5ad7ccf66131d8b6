from plumbline import check


# student.bisection.root is the function root of the package's module bisection.
@check("root", visible=True)
def root_of_two(student, rng):
    """The square root of 2."""
    return {"root": student.bisection.root(2.0, 1e-12)}


@check("root", points=2, hint="The root of a small number is larger than the number.")
def root_of_a_small_number(student, rng):
    """A number between 0 and 1."""
    return {"root": student.bisection.root(rng.rand(), 1e-12)}
