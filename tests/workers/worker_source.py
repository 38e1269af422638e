"""Makes the package of PyTorch's worker importable, and holds what its tests share."""

import sys
from pathlib import Path
from types import SimpleNamespace

REPOSITORY = Path(__file__).resolve().parents[2]
WORKER = REPOSITORY / "workers" / "torch" / "wattfor-worker-torch"
sys.path.insert(0, str(WORKER.parent))


class FakeCuda:
    """torch.cuda of a machine with some GPUs, which notes in what order it is called."""

    def __init__(self, count: int = 2, capability=(9, 0)) -> None:
        self.calls: list[str] = []
        self._count, self._capability = count, capability
        calls = self.calls

        class Stream:
            def wait_stream(self, other) -> None:
                calls.append("wait")

        class Context:
            def __init__(self, name: str) -> None:
                self._name = name

            def __enter__(self):
                calls.append(f"begin {self._name}")

            def __exit__(self, *_):
                calls.append(f"end {self._name}")

        class CUDAGraph:
            def replay(self) -> None:
                calls.append("replay")

        self.Stream, self.CUDAGraph = Stream, CUDAGraph
        self.current_stream = Stream
        self.stream = lambda _: Context("side stream")
        self.graph = lambda _: Context("capture")

    def is_available(self) -> bool:
        return self._count > 0

    def device_count(self) -> int:
        return self._count

    def set_device(self, index: int) -> None:
        self.calls.append(f"device {index}")

    def synchronize(self, index: int) -> None:
        self.calls.append(f"synchronize {index}")

    def empty_cache(self) -> None:
        self.calls.append("empty cache")

    def reset_peak_memory_stats(self, index: int) -> None:
        self.calls.append(f"reset peak {index}")

    def max_memory_reserved(self, index: int) -> int:
        return 1 << 30

    def get_device_name(self, index: int) -> str:
        return "NVIDIA H200"

    def get_device_capability(self, device) -> tuple[int, int]:
        return self._capability


class Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def fake_torch(gpus: int = 2, capability=(9, 0), version: str = "2.9.1", **more):
    """As much of PyTorch as the worker's parts touch."""
    return SimpleNamespace(
        __version__=version,
        cuda=FakeCuda(gpus, capability),
        version=SimpleNamespace(cuda="12.8" if gpus else None),
        backends=SimpleNamespace(
            cuda=SimpleNamespace(matmul=SimpleNamespace(allow_tf32=True)),
            cudnn=SimpleNamespace(allow_tf32=True, benchmark=False, version=lambda: 91002),
        ),
        device=lambda kind, index=0: SimpleNamespace(type=kind, index=index),
        float32="float32",
        float16="float16",
        bfloat16="bfloat16",
        inference_mode=Nothing,
        no_grad=Nothing,
        autocast=lambda kind, dtype: Nothing(),
        **more,
    )
