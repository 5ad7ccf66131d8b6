"""``python -m selfcheck [QUESTION ...]``."""

import argparse
import os
import sys

from autograder.selfcheck.checking import Unknown, load, results_of
from autograder.selfcheck.notebooks import from_files
from autograder.selfcheck.table import totals, write


def main() -> int:
    """Run the checks that were asked for; 0 if all of them passed, 1 if not, 2 if unknown."""
    work = load()
    parser = argparse.ArgumentParser(
        prog="python -m selfcheck",
        description=f"{work.title}: run the visible checks on your code.",
        epilog="Examples:  python -m selfcheck    python -m selfcheck " + work.questions[0]["id"],
    )
    parser.add_argument(
        "questions",
        nargs="*",
        metavar="QUESTION",
        help="questions to check, all by default: " + ", ".join(q["id"] for q in work.questions),
    )
    wanted = parser.parse_args().questions
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    try:
        chosen = work.choose(wanted)
    except Unknown as error:
        print(error, file=sys.stderr)
        return 2
    results = []
    try:
        for result in results_of(work, chosen, from_files(work.folder)):
            results.append(result)
            write(result, sys.stdout, colour)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print(f"\nStopped; {len(results)} of {len(chosen)} checks were run.")
        return 1
    print(totals(results))
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    sys.path.insert(0, str(load().folder))
    sys.exit(main())
