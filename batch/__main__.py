"""The process: `relance …` and `python -m batch …` begin here and end with the exit code."""

import gc
import os
import sys
import warnings

from batch import cli


def main() -> int:
    """Run the command line of this process and return its exit code (0 done, 1 cannot go on, 2 usage, 3 needs a person)."""
    # The process ends with its one job; a run leaves about 1 MB of cycles, and looking for them takes a tenth of its time.
    gc.disable()
    # Settings are checked by pydantic itself; looking through every installed package for plug-ins of it is time lost.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Nothing here multiplies matrices; threads made for it at the start would only be waited for.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if not sys.warnoptions:
        # What libraries tell programmers is nothing to a clerk; problems have a form of their own.
        warnings.simplefilter("ignore")
    code = cli.main()
    # What is left is not looked through a last time on the way out, which takes as long as reading the ledger.
    gc.freeze()
    return code


if __name__ == "__main__":
    sys.exit(main())
