"""The program `wattfor` that the package brings along."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

_PATIENCE_S = 60.0  # another process may be writing into the store


def program() -> Path:
    """The program of the environment that this package is installed in."""
    schemes = (sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user"))
    folders = [Path(sysconfig.get_path("scripts", scheme)) for scheme in schemes]
    for folder in folders:
        if (folder / "wattfor").is_file():
            return folder / "wattfor"
    raise FileNotFoundError(f"no program `wattfor` in {' or '.join(map(str, folders))}")


def bring_in(record: str, db: str | None) -> str:
    """Has the program bring the file of a record into the store, and removes it. Why it could not be,
    or empty. For processes made by fork, where SQLite can't be used."""
    import subprocess  # what only few programs ask for is not imported with the package

    to_store = [] if db is None else ["--db", db]
    try:
        subprocess.run(
            [program(), "import", record, *to_store],
            check=True, capture_output=True, text=True, errors="replace", timeout=_PATIENCE_S,
        )  # fmt: skip
    except subprocess.CalledProcessError as error:
        return str(error.stderr).strip()
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    os.unlink(record)
    return ""
