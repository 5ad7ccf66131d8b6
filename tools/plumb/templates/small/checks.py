from plumbline import check

@check("root", visible=True)
def root_of_two(student, rng):
    return {"root": student.root(2.0, 1e-12)}

@check("root", points=2)
def root_of_a_large_number(student, rng):
    return {"root": student.root(1e6 * rng.rand(), 1e-9)}
