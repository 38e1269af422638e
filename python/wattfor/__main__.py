"""`python -m wattfor`: the program, which lies beside the interpreter of this environment."""

from __future__ import annotations

import os
import sys

from .program import program

if __name__ == "__main__":
    try:
        path = program()
    except FileNotFoundError as error:
        sys.exit(f"wattfor: {error}")
    os.execv(path, ["wattfor", *sys.argv[1:]])
