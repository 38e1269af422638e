"""Recordings of real GPUs beside a reference meter, where a checkout has them at its side.

$WATTFOR_RECORDINGS names their folder; otherwise ../shared/data/sensor-recordings beside the
repository. From github JimZeyuYang/GPU_Power_Benchmark: `gpudata.csv` is nvidia-smi's log,
`timestamps.csv` the moments (µs since 1970) at which the load was switched, each of them twice, and
`PMD_data.bin` a power meter on the board's supply.
"""

import os
import struct
from pathlib import Path

FOLDER = Path(
    os.environ.get("WATTFOR_RECORDINGS")
    or Path(__file__).resolve().parents[3] / "shared" / "data" / "sensor-recordings"
)

# A record: a timer, then four pairs of voltage and current.
RECORD = struct.Struct("<9H")
TIMER_HZ = 2.9335e6
TIMER_WRAP = 1 << 16
VOLTS = 0.007568
AMPERES = 0.0488
LEAD_US = 50_000  # the first record is so long before the written start


def signed(word: int) -> int:
    """The upper 12 bits, as two's complement."""
    return (word >> 4) - (1 << 12 if word & 0x8000 else 0)


def reference_rows(folder: Path):
    """(time in µs since 1970, power in W) of each of the meter's records."""
    time_us = float((folder / "PMD_start_ts.txt").read_text()) - LEAD_US
    last = None
    for timer, *words in RECORD.iter_unpack((folder / "PMD_data.bin").read_bytes()):
        if last is not None:
            time_us += (timer - last) % TIMER_WRAP / TIMER_HZ * 1e6
        last = timer
        volts, amperes = words[0::2], words[1::2]
        yield time_us, sum(
            signed(v) * VOLTS * signed(a) * AMPERES for v, a in zip(volts, amperes)
        )


def write_reference(folder: Path, to: Path) -> Path:
    with open(to, "w") as out:
        out.write("time_us,power_w\n")
        for time_us, power_w in reference_rows(folder):
            out.write(f"{time_us:.0f},{power_w:.3f}\n")
    return to


def write_marks(folder: Path, to: Path) -> Path:
    """The stretches in which the load was on: it is off first, and switched at each moment."""
    moments = sorted(set(map(int, (folder / "timestamps.csv").read_text().split()[1:])))
    with open(to, "w") as out:
        out.write("start_us,end_us\n")
        for start, end in zip(moments[0::2], moments[1::2]):
            out.write(f"{start},{end}\n")
    return to
