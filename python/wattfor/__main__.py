"""`python -m wattfor`: the program, which lies beside the interpreter of this environment."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path


def program() -> Path:
    """The program of the environment that this package is installed in."""
    schemes = (sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user"))
    folders = [Path(sysconfig.get_path("scripts", scheme)) for scheme in schemes]
    for folder in folders:
        if (folder / "wattfor").is_file():
            return folder / "wattfor"
    raise FileNotFoundError(f"no program `wattfor` in {' or '.join(map(str, folders))}")


if __name__ == "__main__":
    try:
        path = program()
    except FileNotFoundError as error:
        sys.exit(f"wattfor: {error}")
    os.execv(path, ["wattfor", *sys.argv[1:]])
