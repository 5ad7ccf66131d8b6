"""The checks of week 1: functions as arguments, exceptions, printed texts, sources."""

import ast

import numpy as np

from plumbline import NumbersInText, Tolerance, at_most, check

TO_1E_8 = Tolerance(((1e-8, 1.0),))


@check("bisection", visible=True, tolerance=TO_1E_8)
def root_of_two(student, rng):
    """The square root of 2."""
    return {"root": student.solvers.bisection(lambda x: x * x - 2, 0.0, 2.0, 1e-10)}


@check("bisection", points=2, tolerance=TO_1E_8, hint="f may fall as well as rise.")
def a_function_that_falls(student, rng):
    """A function that falls."""
    a = 1 + rng.rand()
    return {"root": student.solvers.bisection(lambda x: a - x**3, 0.0, 2.0, 1e-10)}


# Both ends and 20 halvings are 22 calls. Who computes f twice a halving keeps half of the point.
@check(
    "bisection",
    goals={"calls": at_most((24, 1.0), (48, 0.5))},
    hint="How often is f to be called? A halving needs one new value.",
)
def no_call_too_many(student, rng):
    """One call of f for each halving."""
    f = student.function(lambda x: x - 0.7)
    root = student.solvers.bisection(f, 0.0, 1.0, 1e-6)
    return {"near": abs(root - 0.7) < 1e-5, "calls": f.calls}


@check("bisection", hint="What is said of the same sign at both ends?")
def the_same_sign_at_both_ends(student, rng):
    """The same sign at both ends."""
    raised = student.raises(student.solvers.bisection, lambda x: x * x + 1, 0.0, 2.0, 1e-6)
    return {"raised": "ValueError" if raised.is_a("ValueError") else raised.kind}


@check("print_halvings", points=2, tolerance=NumbersInText(Tolerance(((1e-6, 1.0),))))
def six_lines(student, rng):
    """Six halvings."""
    return {"printed": student.printed(student.solvers.print_halvings, _cubic, 0.0, 2.0, 6)}


def _cubic(x):
    return x**3 - 3


@check("newton", visible=True)
def five_steps_to_the_root_of_two(student, rng):
    """Five steps to the square root of 2."""
    return {"guesses": student.solvers.newton(lambda x: x * x - 2, lambda x: 2 * x, 2.0, 5)}


@check("newton", points=2, hint="The start may be a complex number.")
def a_complex_root(student, rng):
    """A complex cube root of 1."""
    start = complex(-0.5, 0.5 + rng.rand())
    guesses = student.solvers.newton(lambda z: z**3 - 1, lambda z: 3 * z * z, start, 6)
    return {"guesses": guesses}


@check("horner", visible=True)
def at_three(student, rng):
    """A parabola at 3."""
    return {"value": student.polynomials.horner([2.0, 0.0, -1.0], 3.0)}


@check("horner", hint="x may be an array.")
def at_an_array(student, rng):
    """An array of arguments."""
    return {"value": student.polynomials.horner(list(rng.rand(5)), rng.rand(4))}


def _half_without_the_rule(seen):
    """A right value earns half of the points, and with the rule all of them."""
    right = abs(seen["value"] - seen["wanted"]) < 1e-9
    return right * (0.5 if seen["powers"] else 1.0)


@check("horner", points=2, score=_half_without_the_rule, hint="Horner's rule needs no power.")
def no_powers(student, rng):
    """A polynomial without powers."""
    coefficients, x = list(rng.rand(4)), 1 + rng.rand()
    value = student.polynomials.horner(coefficients, x)
    tree = student.source(student.polynomials.horner).tree
    names = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(tree)}
    powers = sum(isinstance(node, ast.Pow) for node in ast.walk(tree))
    powers += len(names & {"pow", "power", "polyval", "vander"})
    return {"value": value, "wanted": np.polyval(coefficients, x), "powers": powers}
