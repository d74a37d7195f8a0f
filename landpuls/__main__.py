"""Run the command: turn the errors that a person can mend into one paragraph and an exit code."""

import sys

from landpuls.interrupt import INTERRUPTED, leaving_at_once, say_interrupted


def main() -> None:
    """Run ``landpuls`` with the arguments of the process and leave with its exit code.

    0: done; 1: it could not be done; 2: it was asked for wrongly; 130: Ctrl-C ended it.
    """
    with leaving_at_once():
        from domain.errors import LandpulsError
        from landpuls.cli import app
        from landpuls.invocation import Invocation

    invocation = Invocation()
    try:
        app(obj=invocation, prog_name="landpuls")
    except (
        LandpulsError,
        OSError,
    ) as error:  # a folder without rights, a full disk: nothing a traceback would mend
        if invocation.debug:
            raise
        print(f"landpuls: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(error.exit_code if isinstance(error, LandpulsError) else 1)
    except KeyboardInterrupt:
        say_interrupted()
        sys.exit(INTERRUPTED)
    except SystemExit as leaving:  # what the parser of arguments makes of Ctrl-C
        if leaving.code == INTERRUPTED:
            say_interrupted()
        raise


if __name__ == "__main__":
    main()
