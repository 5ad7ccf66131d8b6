"""``python -m selfcheck [QUESTION ...]`` and ``python -m selfcheck submit``."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import NoReturn

from ..core.errors import UnknownQuestion
from .checking import results_of
from .choices import read_choices
from .notice import usual_notice
from .parser import Parser
from .results import Result
from .submit import Packed, files_to_submit, listing, warnings, write_archive
from .table import totals, write
from .work import Work, load


def main() -> int:
    """Run the checks that are asked for; 0 if all passed, 1 if not, 2 for an unknown question."""
    arguments = sys.argv[1:]
    del sys.argv[1:]  # a module of the student's may read them too, with argparse
    work = load()
    say = work.say
    parser = Parser(
        say,
        "python -m selfcheck",
        f"{work.title}: run the visible checks on your code.",
        "`python -m selfcheck submit` packs what is to be handed in; see its --help. "
        f"Examples:  python -m selfcheck    python -m selfcheck {work.questions[0]['id']}",
    )
    names = ", ".join(question["id"] for question in work.questions)
    parser.options.add_argument(
        "questions",
        nargs="*",
        metavar=say("QUESTION"),
        help=f"{say('questions to check, all by default')}: {names}",
    )
    if arguments[:1] == ["submit"]:
        return submit(work, arguments[1:])
    questions = parser.parse_args(arguments).questions
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    try:
        chosen = work.choose(questions)
    except UnknownQuestion as error:
        print(say(str(error)), file=sys.stderr)
        return 2
    results: list[Result] = []
    notebook = work.saved_notebooks()
    try:
        for result in results_of(work, chosen, notebook, usual_notice(say)):
            results.append(result)
            write(result, sys.stdout, colour, say)
        for result in read_choices(work, questions):
            results.append(result)
            write(result, sys.stdout, colour, say)
    except BrokenPipeError:  # the output goes to a program that has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        place = f" in {chosen[len(results)].question}" if len(results) < len(chosen) else ""
        print(say(f"\nStopped{place}; {len(results)} of {len(chosen)} checks were run."))
        return 1
    print(say(totals(results)))
    for sentence in work.remarks(notebook):
        print(say(f"! {sentence}"))
    return 0 if all(result.passed for result in results) else 1


def submit(work: Work, arguments: list[str]) -> int:
    """Run the visible checks, list what is handed in, write the archive.

    The archive is written even if checks fail: half an answer is worth handing in. Returns 0 if
    all is well, 1 if there are warnings or failed checks, 2 if there is no archive.
    """
    say = work.say
    parser = Parser(
        say,
        "python -m selfcheck submit",
        "Run the visible checks, list what will and what will not be handed in, warn about answers "
        "that are not written, and write the archive.",
    )
    default = work.folder / f"{work.about['name']}.zip"
    about_out, about_checks = f"the archive ({default.name})", "do not run the checks first"
    parser.options.add_argument("--out", type=Path, default=default, help=say(about_out))
    parser.options.add_argument("--no-checks", action="store_true", help=say(about_checks))
    options = parser.parse_args(arguments)
    results: list[Result] = []
    try:
        if not options.no_checks:
            notebook = work.saved_notebooks()
            for result in results_of(work, work.choose([]), notebook, usual_notice(say)):
                results.append(result)
                write(result, sys.stdout, False, say)
            print(say(totals(results)))
            for sentence in work.remarks(notebook):
                print(say(f"! {sentence}"))
            print()
        elif work.package_remark:
            print(say(f"! {work.package_remark}\n"))
        picks = list(read_choices(work))
        for result in picks:
            write(result, sys.stdout, False, say)
        print("\n" if picks else "", end="")
        found = files_to_submit(work)
        packed = write_archive(work, found, options.out) if found.files else Packed([], [])
    except KeyboardInterrupt:
        stopped = (
            "\nStopped; no archive was written. To hand in without running the checks: "
            "python -m selfcheck submit --no-checks"
        )
        print(say(stopped), file=sys.stderr)
        return 1
    except OSError as error:
        print(say(f"The archive could not be written: {error}"), file=sys.stderr)
        return 2
    for line in listing(packed, found) if packed.names else ():
        print(say(line))
    warning_lines = [*warnings(work, found, results, picks)]
    warning_lines += [f"WARNING: {problem}" for problem in packed.problems]
    for line in warning_lines:
        print(say(line))
    if not packed.names:
        print(say("There is nothing to hand in."), file=sys.stderr)
        return 2
    print(say(f"\nHand in {options.out}"))
    return int(bool(warning_lines) or not all(result.passed for result in results))


def run() -> NoReturn:
    """Run ``python -m selfcheck``; the student's package is imported from its folder."""
    for stream in (sys.stdout, sys.stderr):  # an old terminal has no Chinese and no ticks
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.path.insert(0, str(load().folder))
    sys.exit(main())
