"""libwattfor as a program of somebody else's has it: installed, moved, found, compiled against and run."""

import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "release"
LIBRARY = BUILD / "libwattfor.so"
HEADER = ROOT / "include" / "wattfor" / "wattfor.h"
MISSING = [tool for tool in ("cmake", "ninja", "g++", "pkg-config") if not shutil.which(tool)]

WORK_W = 300.0  # of the board, at all times: of a steady power every interval holds the truth
BOARD = {
    "device": "board",
    "seed": 3,
    "power_limit_w": 400,
    "load": {"waveform": "constant", "idle_w": WORK_W, "high_w": WORK_W},
    "sensors": [{"id": "energy", "kind": "counter", "update_period_s": 0.02}],
}


def text_of(*command, **options) -> str:
    words = list(map(str, command))
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, **options)
    if done.returncode != 0 or done.stderr:
        raise AssertionError(f"{words} ended with {done.returncode}: {done.stderr}{done.stdout}")
    return done.stdout


@unittest.skipUnless(LIBRARY.exists(), f"{LIBRARY} is not built (make release)")
class Symbols(unittest.TestCase):
    def test_it_shows_the_functions_of_its_header_and_nothing_else(self):
        listing = text_of("nm", "-D", "--defined-only", LIBRARY)
        shown = {line.split()[2] for line in listing.splitlines() if line.split()[1] != "A"}
        declared = re.findall(r"^WATTFOR_API [^(]*?(wattfor_\w+)\(", HEADER.read_text(), re.MULTILINE)
        self.assertEqual(shown, {f"{name}@@WATTFOR_0" for name in declared})

    def test_it_needs_libc_and_libm_only_and_bears_its_version(self):
        listing = text_of("readelf", "-d", LIBRARY)
        needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", listing))
        self.assertEqual({name for name in needed if not name.startswith("ld-linux")},
                         {"libc.so.6", "libm.so.6"})  # fmt: skip
        self.assertEqual(re.findall(r"\(SONAME\).*\[(.+)\]", listing), ["libwattfor.so.0"])

    def test_a_process_outlives_the_library_s_closing_while_it_samples(self):
        code = f"""
import ctypes, _ctypes, time
library = ctypes.CDLL({str(LIBRARY)!r})
meter = ctypes.c_void_p()
assert library.wattfor_meter_open(None, ctypes.byref(meter)) == 0
_ctypes.dlclose(library._handle)
before = time.process_time()
while time.process_time() < before + 0.2: pass
print("alive")
"""
        self.assertEqual(text_of(sys.executable, "-c", code), "alive\n")


@unittest.skipUnless(LIBRARY.exists(), f"{LIBRARY} is not built (make release)")
@unittest.skipIf(MISSING, f"not installed: {MISSING}")
class Consumers(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="wattfor-library-")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name)
        text_of("cmake", "--install", BUILD, "--prefix", cls.folder / "first")
        (BUILD / "install_manifest.txt").unlink()
        cls.prefix = cls.folder / "moved"  # nothing in it knows where it was installed
        (cls.folder / "first").rename(cls.prefix)
        cls.examples = cls.prefix / "share" / "doc" / "wattfor" / "docs" / "examples"

    def run_training(self, program: Path) -> tuple[str, dict]:
        """What the program prints, and its one record; it measures the simulated board."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        (folder / "board.json").write_text(json.dumps(BOARD))
        environment = {
            "LD_LIBRARY_PATH": str(self.prefix / "lib"),
            "WATTFOR_SIMULATE": str(folder / "board.json"),
            "WATTFOR_DB": str(folder / "wattfor.db"),
        }
        printed = text_of(program, env=environment)
        wattfor = self.prefix / "bin" / "wattfor"
        (run,) = json.loads(text_of(wattfor, "runs", "--json", env=environment))
        (record,) = json.loads(text_of(wattfor, "runs", run["id"], "--json", env=environment))
        self.assertEqual(record["command"]["arguments"], [str(program)])
        return printed, record

    def expect_work(self, figure: dict, duration_s: float) -> None:
        self.assertGreater(duration_s, 0.0)
        self.assertLessEqual(figure["energy_low_j"], WORK_W * duration_s)
        self.assertGreaterEqual(figure["energy_high_j"], WORK_W * duration_s)

    def expect_training(self, record: dict) -> None:
        self.assertEqual((record["name"], record["outcome"]), ("resnet50", "done"))
        training = record["training"]
        self.assertEqual((training["model"], training["epochs_total"]), ("resnet50", 90))
        self.assertEqual((training["data_fraction"], training["accuracy_percent"]), (0.01, 76.1))
        epochs = [window for window in record["windows"] if window["kind"] == "epoch"]
        self.assertEqual([(epoch["epoch"], epoch["ended"]) for epoch in epochs],
                         [(1, True), (2, True), (3, True)])  # fmt: skip
        for window in epochs:
            self.expect_work(window, window["duration_s"])
        energy = record["energy"]
        self.assertEqual(energy["total"]["basis"], "simulated")
        self.expect_work(energy["total"], energy["duration_s"])

    def test_find_package_serves_c_and_cpp(self):
        build = self.folder / "build"
        text_of("cmake", "-S", ROOT / "tests" / "consumer", "-B", build, "-G", "Ninja",
                f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DEXAMPLES={self.examples}")  # fmt: skip
        text_of("cmake", "--build", build)
        for name, line in (
            ("training_c", r"loading: [\d.e+]+ J \(95 %: [\d.e+]+ to [\d.e+]+ J\), simulated, \w+"),
            ("training_cpp", r"[\d.e+]+ J \(95 %: [\d.e+]+ … [\d.e+]+ J\), simulated, .+, over [\d.e-]+ s"),
        ):
            printed, record = self.run_training(build / name)
            self.assertRegex(printed.splitlines()[0], line)
            self.assertEqual(len(printed.splitlines()), 2)
            self.expect_training(record)

    def test_pkg_config_serves_c(self):
        environment = os.environ | {"PKG_CONFIG_PATH": str(self.prefix / "lib" / "pkgconfig")}
        flags = text_of("pkg-config", "--cflags", "--libs", "wattfor", env=environment).split()
        program = self.folder / "training"
        text_of("gcc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror",
                self.examples / "training.c", *flags, "-o", program)  # fmt: skip
        self.expect_training(self.run_training(program)[1])

    def test_another_minor_version_is_not_taken_for_this_one(self):
        script = self.folder / "find.cmake"
        script.write_text("find_package(wattfor 0.99 CONFIG)\nmessage(STATUS found=${wattfor_FOUND})\n")
        answer = subprocess.run(
            ["cmake", f"-DCMAKE_PREFIX_PATH={self.prefix}", "-P", script], capture_output=True, text=True
        )
        self.assertIn("found=0", answer.stdout)

    def test_it_is_of_the_program_s_version(self):
        library = ctypes.CDLL(str(self.prefix / "lib" / "libwattfor.so.0"))
        library.wattfor_version.restype = ctypes.c_char_p
        version = text_of(self.prefix / "bin" / "wattfor", "--version").split()[1]
        self.assertEqual(library.wattfor_version().decode(), version)


if __name__ == "__main__":
    sys.exit(unittest.main())
