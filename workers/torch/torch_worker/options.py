"""The options of `load`, read and checked: one that does nothing would be part of a setup's name."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from .failures import unavailable

COMPILE_MODES = ("default", "reduce-overhead", "max-autotune", "max-autotune-no-cudagraphs")


@dataclass(frozen=True)
class Options:
    mode: str = "eager"
    channels_last: bool = False
    autocast: bool = False  # weights stay fp32, operators choose; else all is converted
    pretrained: bool = False
    cudnn_benchmark: bool = False
    cudnn_tf32: bool = False  # with fp32: what PyTorch does where nobody says otherwise
    compile_mode: str = "default"
    input_shape: tuple[int, ...] | None = None  # of one item, without the batch


def shape_in(value: object) -> tuple[int, ...]:
    """ "3x224x224", or a list of the numbers, or one number."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,9}(?:[x,]\d{1,9})*", value):
        value = [int(size) for size in re.split("[x,]", value)]
    if isinstance(value, int) and not isinstance(value, bool):
        value = [value]
    sizes = value if isinstance(value, list) else []
    if not sizes or not all(type(size) is int and size >= 1 for size in sizes):
        raise unavailable(
            f"the worker option input_shape can't be {value!r}; expected the shape of one input "
            "without its batch, e.g. input_shape=3x224x224"
        )
    return tuple(sizes)


def read_options(given: dict) -> Options:
    known = {field.name: field.default for field in fields(Options)}
    read = {}
    for name, value in given.items():
        if name not in known:
            raise unavailable(
                f"the worker torch has no option '{name}'; it has: {', '.join(sorted(known))}"
            )
        if name == "input_shape":
            read[name] = shape_in(value)
        elif type(value) is type(known[name]):
            read[name] = value
        else:
            expected = "true or false" if isinstance(known[name], bool) else "text"
            raise unavailable(f"the worker option {name} can't be {value!r}; expected {expected}")
    options = Options(**read)
    if options.compile_mode not in COMPILE_MODES:
        raise unavailable(
            f"the worker option compile_mode can't be '{options.compile_mode}'; it is one of: "
            + ", ".join(COMPILE_MODES)
        )
    return options
