"""PyTorch itself: importing it, its threads, and what of it affects energy."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from .failures import summary, unavailable


def usable_processors() -> int:
    """Not os.cpu_count(), which counts all of the machine's: a scheduler's job may have fewer."""
    return len(os.sched_getaffinity(0))


def import_torch(threads: int = 0):
    """PyTorch, to compute with so many threads; 0: one for each processor that may be used.

    Raises Failure{unavailable} where it is not there, and says what to install where.
    """
    threads = threads or usable_processors()
    if "torch" not in sys.modules:
        # Libraries of linear algebra read these once, when they are loaded.
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ[name] = str(threads)
    try:
        import torch
    except ImportError as error:
        here = f"{sys.executable} (Python {sys.version.split()[0]})"
        raise unavailable(
            f"PyTorch can't be imported in {here}: {summary(error)}. Install it there "
            f"(`{sys.executable} -m pip install torch`; Debian: `apt install python3-torch` for "
            "/usr/bin/python3), or name a Python that has it in $WATTFOR_PYTHON"
        ) from error
    torch.set_num_threads(threads)
    if torch.get_num_interop_threads() != 1:
        torch.set_num_interop_threads(1)  # once in a process
    return torch


def algebra_libraries(maps: Path = Path("/proc/self/maps")) -> list[str]:
    """The files of linear algebra that this process has open: a slow BLAS is 15 times as slow. Where
    there are none, PyTorch brings its own within (MKL)."""
    try:
        text = maps.read_text()
    except OSError:
        return []
    pattern = r"\S*/lib(?:openblas|blas|mkl_rt|mkl_core|blis|atlas|nvpl_blas)\S*\.so\S*"
    return sorted({os.path.realpath(path) for path in re.findall(pattern, text)})


def settings_of(torch) -> dict:
    settings = {
        "runtime": "PyTorch",
        "runtime_version": torch.__version__,
        "python_version": sys.version.split()[0],
        "intra_op_threads": torch.get_num_threads(),
        "inter_op_threads": torch.get_num_interop_threads(),
        "blas": ", ".join(algebra_libraries()) or "within PyTorch",
        "mkl": torch.backends.mkl.is_available(),
        "onednn": torch.backends.mkldnn.is_available(),
    }
    capability = re.search(r"CPU capability usage: (\S+)", torch.__config__.show())
    if capability:
        settings["cpu_capability"] = capability.group(1)
    return settings
