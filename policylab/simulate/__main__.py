"""Write the demo panel anew: ``python -m policylab.simulate data``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from policylab.simulate import write_demo


def main() -> int:
    """Write the demo panel, its truth and its metadata into the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m policylab.simulate", description="Write the demo panel (虚构示例) anew.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="gets demo/, demo-truth/ and rows of metadata.csv")
    folder = parser.parse_args().folder
    try:
        simulation = write_demo(folder)
    except OSError as error:
        print(f"{error.filename or folder}: {error.strerror}. Name a folder that may be written to.", file=sys.stderr)
        return 1
    plans = simulation.plans
    print(f"{folder / 'demo'}: {len(plans.documents)} plans, {len(simulation.truth['items'])} items (虚构示例)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
