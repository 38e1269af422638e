"""A captured machine (tests/golden/machines/NAME.machine) in a folder of its own, running.

tests/support/captured_machine.h describes the format; perf counters are the kernel's own and have no
place in a folder, so the program takes powercap's here.
"""

import os
import re
import threading
import time
from pathlib import Path

MACHINES = Path(__file__).resolve().parents[1] / "golden" / "machines"
ESCAPE = re.compile(r"\\(n|t|x[0-9A-Fa-f]{2}|.)")


def unescaped(text: str) -> bytes:
    """\\n, \\t and \\xHH as the bytes they stand for."""

    def plain(match: re.Match) -> str:
        word = match[1]
        if word.startswith("x"):
            return chr(int(word[1:], 16))
        return {"n": "\n", "t": "\t"}.get(word, word)

    return ESCAPE.sub(plain, text).encode("latin-1" if "\\x" in text else "utf-8")


class Machine:
    """Writes the machine's files below `folder`; as a context its counters count on."""

    def __init__(self, name: str, folder: Path):
        self.folder = folder
        self.counters: dict[Path, tuple[int, float, int]] = {}
        self.words: dict[Path, tuple[int, int, float]] = {}
        self.nvml = ""
        for line in (MACHINES / f"{name}.machine").read_text().splitlines():
            if line and not line.startswith("#"):
                self._add(line)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._start = time.monotonic()
        self._show()

    def _add(self, line: str) -> None:
        first = line.split()[0]
        path = self.folder / first
        if first == "nvml":
            self.nvml = line.split()[1]
        elif first == "perf":
            pass
        elif " ! " in line:
            # A folder can't be read as a file, by root neither.
            path.unlink()
            path.mkdir()
        elif " -> " in line:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.symlink_to(line.split(" -> ")[1])
        elif counts := re.fullmatch(r"\S+ = (\d+) \+(\d+)/s(?: wrapping (\d+))?", line):
            path.parent.mkdir(parents=True, exist_ok=True)
            self.counters[path] = (int(counts[1]), float(counts[2]), int(counts[3] or 1 << 63))
        elif word := re.fullmatch(r"\S+ @ (\d+) = (\d+) \+(\d+)/s", line):
            self.words[path] = (int(word[1]), int(word[2]), float(word[3]))
        else:
            value = line.split(" = ", 1)[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(unescaped(value) + (b"" if "\\x" in value or value.endswith("\\n") else b"\n"))

    def _show(self) -> None:
        """In place and in one write each, so that no reader sees half of a number."""
        since = time.monotonic() - self._start
        for path, (start, per_second, wrapping) in self.counters.items():
            count = (start + round(per_second * since)) % wrapping
            # As many digits always, so that one write replaces all of the number before.
            self._write(path, 0, b"%020d\n" % count)
        for path, (offset, start, per_second) in self.words.items():
            count = start + round(per_second * since)
            self._write(path, offset, count.to_bytes(8, "little"))

    @staticmethod
    def _write(path: Path, offset: int, data: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(descriptor, data, offset)
        finally:
            os.close(descriptor)

    def _run(self) -> None:
        while not self._stop.wait(0.005):
            self._show()

    def __enter__(self) -> "Machine":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        self._thread.join()
