"""Precisions: what a name means for the arithmetic.

fp32 is IEEE single precision throughout: TF32 is switched off where PyTorch would use it. tf32 lets
NVIDIA's tensor cores round the factors of products to 10 bits. fp16 and bf16 convert weights and inputs;
with autocast the weights stay fp32 and PyTorch chooses the precision of each operator.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass

from .failures import unavailable

NAMES = ("fp32", "tf32", "fp16", "bf16")


@dataclass(frozen=True)
class Precision:
    name: str
    weights: object  # torch.dtype
    reduced: object  # torch.dtype of autocast; nothing where all is converted

    @property
    def policy(self) -> str:
        return "autocast" if self.reduced is not None else "converted"

    def context(self, torch, device):
        """To run a model in."""
        if self.reduced is None:
            return nullcontext()
        return torch.autocast(device.torch_device.type, dtype=self.reduced)


def choose_precision(
    torch, name: str, device, autocast: bool, cudnn_tf32: bool = False
) -> Precision:
    if name not in NAMES:
        raise unavailable(f"the worker torch has no precision '{name}'; it has: {', '.join(NAMES)}")
    if name == "tf32" or cudnn_tf32:
        check_tf32(torch, device)
    if cudnn_tf32 and name != "fp32":
        raise unavailable("the worker option cudnn_tf32 is for --precision fp32")
    if device.is_cuda:
        torch.backends.cuda.matmul.allow_tf32 = name == "tf32"
        torch.backends.cudnn.allow_tf32 = name == "tf32" or cudnn_tf32
    if name in ("fp32", "tf32"):
        if autocast:
            raise unavailable(f"autocast reduces to fp16 or bf16, not to {name}")
        return Precision(name, torch.float32, None)
    reduced = torch.float16 if name == "fp16" else torch.bfloat16
    if autocast:
        if not device.is_cuda and name == "fp16":
            raise unavailable("autocast on the CPU is to bf16: use --precision bf16")
        return Precision(name, torch.float32, reduced)
    return Precision(name, reduced, None)


def check_tf32(torch, device) -> None:
    if not device.is_cuda:
        raise unavailable("tf32 is of NVIDIA's GPUs; on the CPU there are: fp32, fp16, bf16")
    major, minor = torch.cuda.get_device_capability(device.torch_device)
    if major < 8:
        raise unavailable(
            f"tf32 needs a GPU of compute capability 8.0 or higher; this one has {major}.{minor}"
        )
