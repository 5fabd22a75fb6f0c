"""The process: `relance …` and `python -m batch …` begin here and end with the exit code."""

import gc
import sys
import warnings

from batch import cli


def main() -> int:
    """Run the command line of this process and return its exit code (0 done, 1 cannot go on, 2 usage, 3 needs a person)."""
    # The process ends with its one job; a run leaves about 1 MB of cycles, and looking for them takes a tenth of its time.
    gc.disable()
    if not sys.warnoptions:
        # What libraries tell programmers is nothing to a clerk; problems have a form of their own.
        warnings.simplefilter("ignore")
    return cli.main()


if __name__ == "__main__":
    sys.exit(main())
