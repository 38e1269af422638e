"""How much memory there is for a process on the CPU, and keeping it to that.

The same rules as wattfor's other worker, workers/onnxruntime/memory.h: past the memory that is there
the kernel kills somebody; within a limit of its address space the process is refused instead, which is
an `out_of_memory` reply.
"""

from __future__ import annotations

import os
import re
import resource
from pathlib import Path

# Of what is available; the rest is for other processes and the page tables.
SHARE_OF_MEMORY = 0.9
# Address space that a thread reserves and mostly never touches: its stack and malloc's arena.
RESERVED_PER_THREAD = 144 << 20


def number_after(key: str, path: Path) -> int | None:
    """The number after `key` in a file of lines such as "MemAvailable:   123 kB"."""
    try:
        found = re.search(rf"{re.escape(key)}\s*(\d+)", path.read_text())
    except OSError:
        return None
    return int(found.group(1)) if found else None


def number_in(path: Path) -> int | None:
    return number_after("", path)


def group_folder(root: Path, mark: str, hierarchy: Path) -> Path:
    """This process's control group: its line is "0::/path", in version 1 "9:memory:/path"."""
    try:
        text = (root / "proc/self/cgroup").read_text()
    except OSError:
        return hierarchy
    found = re.search(rf"{re.escape(mark)}/?(.*)", text)
    return hierarchy / found.group(1) if found else hierarchy


def left_by_groups(folder: Path, hierarchy: Path, limit_file: str, usage_file: str) -> int | None:
    """What the groups from `folder` up to `hierarchy` leave: a limit of any of them binds. Cached files
    count as used and are given up when memory is asked for."""
    least = None
    for group in (folder, *folder.parents):
        limit, usage = number_in(group / limit_file), number_in(group / usage_file)
        if limit is not None and usage is not None:
            cached = number_after("inactive_file ", group / "memory.stat") or 0
            left = max(0, limit - max(0, usage - cached))
            least = left if least is None else min(least, left)
        if group == hierarchy:
            break
    return least


def available(root: Path = Path("/")) -> int | None:
    """Bytes that this process could still use: the machine's available memory, or what the tightest of
    its control groups leaves. Nothing where neither can be read."""
    version_2 = root / "sys/fs/cgroup"
    version_1 = version_2 / "memory"
    kilobytes = number_after("MemAvailable:", root / "proc/meminfo")
    bounds = [
        None if kilobytes is None else kilobytes * 1024,
        left_by_groups(
            group_folder(root, "0::", version_2), version_2, "memory.max", "memory.current"
        ),
        left_by_groups(
            group_folder(root, ":memory:", version_1),
            version_1,
            "memory.limit_in_bytes",
            "memory.usage_in_bytes",
        ),
    ]
    return min((bytes_ for bytes_ in bounds if bytes_ is not None), default=None)


def peak(root: Path = Path("/")) -> int | None:
    """The most memory that this process has held at once, in bytes."""
    kilobytes = number_after("VmHWM:", root / "proc/self/status")
    return None if kilobytes is None else kilobytes * 1024


def limit_growth(reserve: int = 0) -> None:
    """Lets the address space grow by the share of what is available, and by `reserve` bytes, from now
    on. Never beyond a limit that was there before."""
    there = available()
    pages = number_in(Path("/proc/self/statm"))
    if there is None or pages is None:
        return
    size = pages * os.sysconf("SC_PAGESIZE") + int(SHARE_OF_MEMORY * there) + reserve
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        size = min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (size, hard))
