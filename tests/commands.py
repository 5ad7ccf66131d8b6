"""The commands, called in the process of the tests: for what ends before it grades anything.

A process of its own takes a second to start.
"""

import signal
import subprocess

from typer.testing import CliRunner

from plumb.cli.app import app


def plumb_here(*arguments, **environment):
    """How the command ended and what it printed, as `subprocess.run` gives it."""
    before = signal.getsignal(signal.SIGTERM)
    command = [str(argument) for argument in arguments]
    try:
        done = CliRunner(env=environment).invoke(app, command, catch_exceptions=False)
    finally:
        signal.signal(signal.SIGTERM, before)
    return subprocess.CompletedProcess(command, done.exit_code, done.stdout, done.stderr)
