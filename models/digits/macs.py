"""Multiply-accumulates of one image, read from an ONNX graph.

Counted are convolutions and matrix products, those of attention included; biases, activations,
normalisations and pooling are not.
"""

from __future__ import annotations

from math import prod
from pathlib import Path

import onnx
from onnx import GraphProto, NodeProto

Shapes = dict[str, list[int]]


def shapes(path: Path) -> tuple[GraphProto, Shapes]:
    """Return the graph with its batch fixed to 1, and the shape of every tensor in it."""
    model = onnx.load(str(path))
    for value in [*model.graph.input, *model.graph.output]:
        value.type.tensor_type.shape.dim[0].dim_value = 1
    # The exporter's own notes on inner shapes still say "batch"; they are inferred anew.
    del model.graph.value_info[:]
    graph = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True).graph
    found = {tensor.name: list(tensor.dims) for tensor in graph.initializer}
    for value in [*graph.input, *graph.value_info, *graph.output]:
        dims = value.type.tensor_type.shape.dim
        if all(dim.HasField("dim_value") for dim in dims):
            found[value.name] = [dim.dim_value for dim in dims]
    return graph, found


def node_macs(node: NodeProto, known: Shapes) -> int:
    """Multiply-accumulates of one node: its outputs times the length of each one's sum."""
    if node.op_type == "Conv":
        return prod(known[node.output[0]]) * prod(known[node.input[1]][1:])
    if node.op_type == "MatMul":
        return prod(known[node.output[0]]) * known[node.input[0]][-1]
    if node.op_type == "Gemm":
        transposed = any(item.name == "transA" and item.i for item in node.attribute)
        return prod(known[node.output[0]]) * known[node.input[0]][0 if transposed else 1]
    return 0


def count_macs(path: Path) -> int:
    """Multiply-accumulates of one image through the model in `path`."""
    graph, known = shapes(path)
    return sum(node_macs(node, known) for node in graph.node)
