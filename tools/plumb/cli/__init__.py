"""The command ``plumb``."""


def main() -> None:
    """Run the command."""
    # Only here, because each worker that grades imports the module that the command began in. The
    # commands would take a fifth of a second of it, and no worker needs them.
    from plumb.cli.app import app

    app()
