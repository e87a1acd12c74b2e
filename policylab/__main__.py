"""Lets ``python -m policylab`` be the command line."""

import sys

from policylab.cli import main

if __name__ == "__main__":
    sys.exit(main())
