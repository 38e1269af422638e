"""Models: timm's by name, TorchScript files, exported programs. A file of pickled Python is refused:
reading it would run what is in it."""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass, field

from . import timm_models
from .failures import Failure, unsupported
from .inputs import Input, image, inputs_in_archive

HOW_TO_SAVE = (
    "expected a TorchScript file (`torch.jit.trace(model, x).save(path)`) or an exported program "
    "(`torch.export.save(torch.export.export(model, (x,)), path)`, PyTorch 2.1 or later)"
)


@dataclass(frozen=True)
class Model:
    module: object
    inputs: list[Input]
    kind: str  # "module", "TorchScript", "exported"
    settings: dict = field(default_factory=dict)


def load_model(torch, name: str, options, device, seed: int) -> Model:
    """In evaluation mode, on the device, in single precision or as the file has it."""
    if name.startswith(timm_models.PREFIX):
        return load_timm(torch, name[len(timm_models.PREFIX) :], options, device, seed)
    if options.pretrained:
        raise unsupported(
            f"'{name}' is a file with weights of its own; pretrained is for timm's models"
        )
    check_readable(name)
    kind = kind_of_archive(name)
    if kind == "exported":
        return load_exported(torch, name, options, device)
    return load_torchscript(torch, name, options, device)


def load_timm(torch, name: str, options, device, seed: int) -> Model:
    timm = timm_models.import_timm(options.pretrained)
    torch.manual_seed(seed % (1 << 63))  # the same random weights
    model, shape = timm_models.create(timm, name, options.pretrained, options.input_shape)
    return Model(
        model.eval().to(device.torch_device),
        image(shape),
        "module",
        {
            "timm_version": timm.__version__,
            "weights": "pretrained" if options.pretrained else "random",
        },
    )


def check_readable(path: str) -> None:
    if not os.path.exists(path):
        raise Failure("error", f"the model file '{path}' is not there; check the path")
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        raise Failure("error", f"the model '{path}' can't be read; expected a file of this user's")


def kind_of_archive(path: str) -> str:
    """By what is in it, not by its name. All forms are zip archives since PyTorch 1.6."""
    if not zipfile.is_zipfile(path):
        raise Failure(
            "error", f"the model file '{path}' is damaged or no model of PyTorch; {HOW_TO_SAVE}"
        )
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    if any("serialized_exported_program" in name for name in names) or any(
        name.endswith("/archive_format") or name == "archive_format" for name in names
    ):
        return "exported"
    if any("/code/" in name for name in names):
        return "TorchScript"
    raise unsupported(
        f"the model file '{path}' holds weights or a pickled module, and no program; {HOW_TO_SAVE}"
    )


def load_torchscript(torch, path: str, options, device) -> Model:
    inputs = image(options.input_shape) if options.input_shape else inputs_in_archive(path)
    if inputs is None:
        raise unsupported(
            f"the TorchScript file '{path}' does not say the shape of its input; give it with "
            "--worker-option input_shape=3x224x224, or save it with the extra file inputs.json "
            "(docs/torch-worker.md)"
        )
    module = torch.jit.load(path, map_location=device.torch_device)
    return Model(module.eval(), inputs, "TorchScript", {"weights": "file"})


def load_exported(torch, path: str, options, device) -> Model:
    if not hasattr(torch, "export"):
        raise unsupported(
            f"'{path}' is an exported program, which PyTorch reads from 2.1 on; this one is "
            f"{torch.__version__}"
        )
    program = torch.export.load(path)
    inputs = image(options.input_shape) if options.input_shape else exported_inputs(program)
    return Model(program.module().to(device.torch_device), inputs, "exported", {"weights": "file"})


def exported_inputs(program) -> list[Input]:
    """The program's own record of what it was exported with; a size that is no number is free."""
    wanted = set(program.graph_signature.user_inputs)
    inputs = []
    for node in program.graph.nodes:
        value = node.meta.get("val") if node.op == "placeholder" and node.name in wanted else None
        if value is None or not hasattr(value, "shape"):
            continue
        shape = tuple(size if type(size) is int else None for size in value.shape)
        if not shape or any(size is None for size in shape[1:]):
            raise unsupported(
                f"its input '{node.name}' has the shape {list(shape)}; wattfor chooses the batch "
                "alone, the first dimension"
            )
        inputs.append(Input(node.name, shape, str(value.dtype).replace("torch.", "")))
    if not inputs:
        raise unsupported(
            "it has no tensor among its inputs; expected the batch as a first dimension"
        )
    return inputs
