"""Waits until an accelerator has done what was asked of it, where a framework is already in use.

A framework queues work and returns: without this, a window would hold the queueing and not the work.
Nothing is imported, and nothing is initialised, that the program did not import and initialise itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from .failures import warn_once

FRAMEWORKS = ("torch", "jax", "tensorflow", "cupy")


def _torch(torch: Any) -> None:
    cuda = torch.cuda
    if not cuda.is_initialized():
        return
    # Each device that this process has used; asking another one would set up a context on it.
    in_use = getattr(torch._C, "_cuda_hasPrimaryContext", None)
    if in_use is None:
        cuda.synchronize()
        return
    for device in range(cuda.device_count()):
        if in_use(device):
            cuda.synchronize(device)


def _jax(jax: Any) -> None:
    # live_arrays() would start the back ends of a program that has only imported JAX.
    bridge: Any = sys.modules.get("jax._src.xla_bridge")
    if bridge is not None and not bridge.backends_are_initialized():
        return
    jax.block_until_ready(jax.live_arrays())


def _tensorflow(tensorflow: Any) -> None:
    context: Any = sys.modules.get("tensorflow.python.eager.context")
    if context is not None and not context.context()._initialized:
        return
    tensorflow.test.experimental.sync_devices()


def _cupy(cupy: Any) -> None:
    cuda = cupy.cuda
    try:
        # Of the calling thread; asking the runtime would set one up.
        in_use = cuda.driver.ctxGetCurrent() != 0
    except Exception:
        return  # CUDA was never started here
    if in_use and not cuda.get_current_stream().is_capturing():
        cuda.runtime.deviceSynchronize()


def _is_capturing(torch: Any) -> bool:
    return bool(torch.cuda.is_initialized() and torch.cuda.is_current_stream_capturing())


def synchronise() -> None:
    """Waits for the devices of every framework that is in use; what fails is warned of once. Not while
    a CUDA graph is captured in the calling thread's stream, which any wait would break."""
    loaded = sys.modules
    try:
        if "torch" in loaded and _is_capturing(loaded["torch"]):
            return
    except Exception:
        pass  # said below
    if "torch" in loaded:
        _wait("torch", _torch)
    if "jax" in loaded:
        _wait("jax", _jax)
    if "tensorflow" in loaded:
        _wait("tensorflow", _tensorflow)
    if "cupy" in loaded:
        _wait("cupy", _cupy)


def _wait(name: str, wait: Callable[[Any], None]) -> None:
    try:
        wait(sys.modules[name])
    except Exception as error:
        warn_once(f"windows may begin or end before {name}'s work does: {_one_line(error)}")


def _one_line(error: Exception) -> str:
    text = str(error).strip()
    return f"{type(error).__name__}: {text.splitlines()[0]}" if text else type(error).__name__
