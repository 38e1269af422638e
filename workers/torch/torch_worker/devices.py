"""Where a model runs: the CPU or one of CUDA's GPUs."""

from __future__ import annotations

import re

from . import memory
from .failures import unavailable


class Cpu:
    is_cuda = False

    def __init__(self, torch, threads: int) -> None:
        self.torch_device = torch.device("cpu")
        self._threads = threads
        self._largest_batch = 0
        self._batch = 0

    def begin_load(self) -> None:
        """Room for the threads that start while the model is loaded."""
        memory.limit_growth(memory.RESERVED_PER_THREAD * self._threads)

    def end_load(self) -> None:
        memory.limit_growth()

    def begin_batch(self, batch: int) -> None:
        self._batch = batch
        self._largest_batch = max(batch, self._largest_batch)

    def synchronize(self) -> None:
        """An operator on the CPU has ended when it returns."""

    def memory_bytes(self) -> int | None:
        """The process's peak: that of a larger batch, where one ran before, is nobody's else."""
        return memory.peak() if self._batch == self._largest_batch else None

    def settings(self) -> dict:
        return {"device_name": "cpu"}


class Cuda:
    is_cuda = True

    def __init__(self, torch, index: int, benchmark: bool) -> None:
        self._torch = torch
        self._index = index
        self.torch_device = torch.device("cuda", index)
        torch.cuda.set_device(index)
        torch.backends.cudnn.benchmark = benchmark

    def begin_load(self) -> None:
        """The driver reserves address space by the terabyte: it is not limited here."""

    def end_load(self) -> None:
        self.synchronize()

    def begin_batch(self, batch: int) -> None:
        self._torch.cuda.empty_cache()
        self._torch.cuda.reset_peak_memory_stats(self._index)

    def synchronize(self) -> None:
        self._torch.cuda.synchronize(self._index)

    def memory_bytes(self) -> int | None:
        """The most that PyTorch has held of the device since the batch's inputs were made; without what
        the driver's context takes."""
        return self._torch.cuda.max_memory_reserved(self._index)

    def settings(self) -> dict:
        torch = self._torch
        return {
            "device_name": torch.cuda.get_device_name(self._index),
            "cuda_version": torch.version.cuda,
            "cudnn_version": torch.backends.cudnn.version(),
            "cudnn_benchmark": torch.backends.cudnn.benchmark,
            "tf32_products": torch.backends.cuda.matmul.allow_tf32,
            "tf32_convolutions": torch.backends.cudnn.allow_tf32,
        }


def open_device(torch, name: str, threads: int, cudnn_benchmark: bool):
    """The device of the protocol's name. Raises Failure{unavailable}: no model could be loaded there."""
    if name == "cpu":
        if cudnn_benchmark:
            raise unavailable("the worker option cudnn_benchmark is for CUDA's devices")
        return Cpu(torch, threads)
    found = re.fullmatch(r"cuda(?::(\d+))?", name)
    if not found:
        raise unavailable(f"the worker torch has no device '{name}'; it has: cpu, cuda, cuda:N")
    if not torch.cuda.is_available():
        reason = (
            "it was built without CUDA; install a build with it"
            if torch.version.cuda is None
            else "no GPU with a working driver is visible (nvidia-smi, $CUDA_VISIBLE_DEVICES)"
        )
        raise unavailable(f"PyTorch {torch.__version__} can't use '{name}': {reason}")
    index, count = int(found.group(1) or 0), torch.cuda.device_count()
    if index >= count:
        raise unavailable(
            f"PyTorch has no device '{name}'; it has: cpu, "
            + ", ".join(f"cuda:{each}" for each in range(count))
        )
    return Cuda(torch, index, cudnn_benchmark)
