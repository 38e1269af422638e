"""A model's inputs: their shapes, and random values for them."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass

from .failures import Failure, unsupported

DTYPES = (
    "float32",
    "float64",
    "float16",
    "bfloat16",
    "int64",
    "int32",
    "int16",
    "int8",
    "uint8",
    "bool",
)
# The name of the extra file of a TorchScript archive that says the shapes, which the format does not.
SHAPES_FILE = "inputs.json"


@dataclass(frozen=True)
class Input:
    name: str
    shape: tuple[int | None, ...]  # with the batch first; nothing: free
    dtype: str = "float32"

    def described(self) -> dict:
        """As the protocol's `loaded` holds it."""
        return {"name": self.name, "shape": list(self.shape), "type": self.dtype}


def image(shape: tuple[int, ...]) -> list[Input]:
    """One input of floating point with a free batch."""
    return [Input("x", (None, *shape))]


def inputs_in_archive(path: str) -> list[Input] | None:
    """What the file `inputs.json` among the extra files of a TorchScript archive says; nothing where it
    has none."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(f"/extra/{SHAPES_FILE}")]
        text = archive.read(names[0]) if names else None
    if text is None:
        return None
    try:
        return [read_input(entry) for entry in json.loads(text)["inputs"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(
            "error",
            f"the extra file {SHAPES_FILE} of '{path}' is not understood ({error}); expected "
            '{"inputs": [{"name": "x", "shape": [null, 3, 224, 224], "type": "float32"}]}',
        ) from error


def read_input(entry: dict) -> Input:
    shape, dtype = tuple(entry["shape"]), entry.get("type", "float32")
    for place, size in enumerate(shape):
        if not (size is None and place == 0) and not (type(size) is int and size >= 1):
            raise ValueError(f"{size!r} is no size; the batch alone, the first, may be null")
    if not shape or dtype not in DTYPES:
        raise ValueError(f"shape {list(shape)}, type {dtype!r}")
    return Input(str(entry["name"]), shape, dtype)


def shape_for(each: Input, batch: int) -> tuple[int, ...]:
    fixed = each.shape[0]
    if fixed is not None and fixed != batch:
        raise unsupported(
            f"the model's input '{each.name}' has a fixed batch of {fixed}, not {batch}; measure it "
            f"with --batch-sizes {fixed}, or export it with a free first dimension"
        )
    return (batch, *each.shape[1:])


def random_inputs(
    torch, inputs: list[Input], batch: int, seed: int, device, precision, channels_last: bool
) -> list:
    """Tensors on the device, the same for the same seed: floating point uniform in [0, 1), as pixels
    are; 8-bit integers over their whole range; wider ones and booleans 0 or 1, as they mostly are
    masks or indices whose range a model does not tell."""
    generator = torch.Generator(device=device.torch_device)
    # PyTorch takes a signed number of 64 bits.
    generator.manual_seed(seed - (1 << 64) if seed >= 1 << 63 else seed)
    return [
        random_tensor(
            torch, each, shape_for(each, batch), generator, device, precision, channels_last
        )
        for each in inputs
    ]


def random_tensor(torch, each: Input, shape, generator, device, precision, channels_last: bool):
    if "float" not in each.dtype:
        low, high = {"int8": (-128, 128), "uint8": (0, 256)}.get(each.dtype, (0, 2))
        dtype = getattr(torch, each.dtype)
        place = {"device": device.torch_device, "generator": generator}
        if dtype is torch.bool:
            return torch.randint(low, high, shape, dtype=torch.uint8, **place).bool()
        return torch.randint(low, high, shape, dtype=dtype, **place)
    # The precision decides where the model says single; what it wants otherwise it gets.
    dtype = precision.weights if each.dtype == "float32" else getattr(torch, each.dtype)
    layout = {"memory_format": torch.channels_last} if channels_last and len(shape) == 4 else {}
    tensor = torch.empty(shape, dtype=dtype, device=device.torch_device, **layout)
    return tensor.uniform_(generator=generator)
