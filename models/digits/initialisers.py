"""The shapes of the float32 weights in an ONNX file, read without the onnx package.

An ONNX file is a protocol-buffers message: a run of fields, each a key (number and wire type) and
a value. Only three levels are of interest: model > graph > initialiser > dimensions and type.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

MODEL_GRAPH, GRAPH_INITIALISER, TENSOR_DIMS, TENSOR_TYPE = 7, 5, 1, 2
FLOAT32 = 1
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def varint(data: memoryview, at: int) -> tuple[int, int]:
    """Read a variable-length integer; return it and the place after it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield the number and the value of every field of one message."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, at = varint(data, at)
            yield number, value
            continue
        if wire == BYTES:
            size, at = varint(data, at)
        elif wire in (FIXED32, FIXED64):
            size = 4 if wire == FIXED32 else 8
        else:
            raise ValueError(f"wire type {wire} is not used by ONNX")
        yield number, data[at : at + size]
        at += size


def tensor_shape(tensor: memoryview) -> tuple[int, list[int]]:
    """Return the element type and the dimensions of one tensor message."""
    kind, dims = 0, []
    for number, value in fields(tensor):
        if number == TENSOR_TYPE:
            kind = value
        elif number == TENSOR_DIMS and isinstance(value, int):
            dims.append(value)
        elif number == TENSOR_DIMS:  # the packed spelling of a repeated field
            at = 0
            while at < len(value):
                dim, at = varint(value, at)
                dims.append(dim)
    return kind, dims


def float_shapes(path: Path) -> list[list[int]]:
    """Return the shape of every float32 initialiser of the model in `path`."""
    model = memoryview(path.read_bytes())
    tensors = (
        tensor_shape(tensor)
        for number, graph in fields(model)
        if number == MODEL_GRAPH
        for inner, tensor in fields(graph)
        if inner == GRAPH_INITIALISER
    )
    return [dims for kind, dims in tensors if kind == FLOAT32]
