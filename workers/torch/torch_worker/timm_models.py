"""timm's models, by name: `timm:resnet50`, `timm:resnet*`, `timm:all`."""

from __future__ import annotations

import os
import sys

from .failures import Failure, summary, unavailable

PREFIX = "timm:"


def import_timm(pretrained: bool = False):
    if not pretrained:
        os.environ["HF_HUB_OFFLINE"] = "1"  # read when it is imported: nothing touches the network
    try:
        import timm
    except ImportError as error:
        raise unavailable(
            f"timm can't be imported in {sys.executable}: {summary(error)}. Install it there "
            f"(`{sys.executable} -m pip install timm`), or name a Python that has it in "
            "$WATTFOR_PYTHON"
        ) from error
    return timm


def listed(timm, wanted: str) -> list[str]:
    """The names that `wanted` stands for, each with its prefix: a name, a pattern of the shell's, or
    `all`. Those with a tag (`resnet50.a1_in1k`) are looked for where there is a dot in it."""
    pattern = "*" if wanted == "all" else wanted
    found = timm.list_models(pattern, pretrained="." in pattern)
    if not found and not any(sign in pattern for sign in "*?["):
        # The tag of a name chooses weights; any will do where they are random.
        found = [pattern] if timm.is_model(pattern.split(".")[0]) else []
    if not found:
        near = nearest(wanted, timm.list_models())
        raise Failure(
            "error",
            f"timm {timm.__version__} has no model '{wanted}'"
            + (f"; is it one of: {', '.join(near)}?" if near else "")
            + " `timm:all` stands for all of its models, `timm:resnet*` for those of a pattern",
        )
    return [PREFIX + name for name in found]


def nearest(wanted: str, names: list[str]) -> list[str]:
    import difflib

    return difflib.get_close_matches(wanted, names, n=3)


def create(timm, name: str, pretrained: bool, input_shape: tuple[int, ...] | None):
    """The model, and the shape of its input."""
    model = None
    if input_shape is not None:
        try:  # transformers and mixers are built for a size; the others take any
            model = timm.create_model(name, pretrained=pretrained, img_size=input_shape[-2:])
        except TypeError:
            pass  # no such argument
    if model is None:
        model = timm.create_model(name, pretrained=pretrained)
    config = getattr(model, "pretrained_cfg", None) or model.default_cfg
    return model, input_shape or tuple(config["input_size"])
