"""The release program is one file that needs nothing but libc and libm."""

import subprocess
import sys
import unittest
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / "build" / "release" / "wattfor"


@unittest.skipUnless(PROGRAM.exists(), f"{PROGRAM} is not built (make release)")
class Release(unittest.TestCase):
    def test_it_needs_only_libc_and_libm(self):
        listing = subprocess.run(["ldd", PROGRAM], capture_output=True, text=True, check=True)
        needed = {line.split()[0].split("/")[-1] for line in listing.stdout.splitlines()}
        allowed = {"linux-vdso.so.1", "libc.so.6", "libm.so.6"}
        self.assertEqual({n for n in needed - allowed if not n.startswith("ld-linux")}, set())

    def test_it_runs_from_anywhere_with_an_empty_environment(self):
        answer = subprocess.run(
            [PROGRAM, "sensors", "--json"], cwd="/", env={}, capture_output=True, text=True
        )
        self.assertEqual((answer.returncode, answer.stderr), (0, ""))


if __name__ == "__main__":
    sys.exit(unittest.main())
