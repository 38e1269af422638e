"""How a model is run: as it stands, compiled, as a CUDA graph, by TensorRT.

A mode makes, of a module and the inputs of one batch size, a function that runs one batch. It does all
that is done once there: what it returns is what is measured. `check` refuses what can't be had here
before a model is loaded.
"""

from __future__ import annotations

from .failures import unavailable, unsupported


class Eager:
    """Operator by operator, as PyTorch comes."""

    def check(self, torch, device) -> None:
        pass

    def prepare(self, torch, model, inputs: list, context):
        def run():
            with torch.inference_mode(), context():
                model.module(*inputs)

        if model.kind == "TorchScript":
            # Its first runs are observed, and specialised for the shapes seen: not what is measured.
            for _ in range(2):
                run()
        return run

    def settings(self, torch) -> dict:
        return {}


class Compile:
    """torch.compile, anew for each batch size: a compiler that has seen several sizes would make code
    for any, which is slower."""

    def __init__(self, compile_mode: str) -> None:
        self._compile_mode = compile_mode

    def check(self, torch, device) -> None:
        if not hasattr(torch, "compile"):
            raise unavailable(
                f"--mode compile needs PyTorch 2.0 or later; this one is {torch.__version__}"
            )

    def prepare(self, torch, model, inputs: list, context):
        if model.kind == "TorchScript":
            raise unsupported("a TorchScript file can't be compiled again; use --mode eager")
        torch._dynamo.reset()
        compiled = torch.compile(model.module, mode=self._compile_mode, dynamic=False)

        def run():
            with torch.no_grad(), context():
                compiled(*inputs)

        for _ in range(
            3
        ):  # compiles; with CUDA graphs within, the second records and the third plays
            run()
        return run

    def settings(self, torch) -> dict:
        return {"compile_mode": self._compile_mode}


class CudaGraphs:
    """The batch's kernels, captured once and launched together."""

    def check(self, torch, device) -> None:
        if not device.is_cuda:
            raise unavailable("--mode cuda-graphs is for CUDA's devices (--device cuda)")

    def prepare(self, torch, model, inputs: list, context):
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.no_grad(), context():
            # What libraries allocate and choose in their first runs must not be captured.
            with torch.cuda.stream(stream):
                for _ in range(3):
                    model.module(*inputs)
            torch.cuda.current_stream().wait_stream(stream)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                outputs = model.module(*inputs)

        def run():
            graph.replay()

        run.kept = (graph, inputs, outputs)  # the graph reads and writes their memory
        return run

    def settings(self, torch) -> dict:
        return {}


class TensorRt:
    """An engine of TensorRT's for each batch size, made by torch_tensorrt."""

    def __init__(self, precision: str) -> None:
        self._precision = precision
        self._library = None

    def check(self, torch, device) -> None:
        if not device.is_cuda:
            raise unavailable("--mode tensorrt is for CUDA's devices (--device cuda)")
        try:
            import torch_tensorrt
        except ImportError as error:
            raise unavailable(
                f"--mode tensorrt needs the package torch-tensorrt beside PyTorch "
                f"{torch.__version__}, and it can't be imported ({error}): "
                "`pip install torch-tensorrt`"
            ) from error
        self._library = torch_tensorrt

    def prepare(self, torch, model, inputs: list, context):
        engine = self._library.compile(
            model.module,
            ir="torchscript" if model.kind == "TorchScript" else "dynamo",
            inputs=[
                self._library.Input(shape=tuple(each.shape), dtype=each.dtype) for each in inputs
            ],
            enabled_precisions={self._computed_in(torch)},
            disable_tf32=self._precision != "tf32",
        )

        def run():
            with torch.no_grad(), context():
                engine(*inputs)

        run()
        return run

    def _computed_in(self, torch):
        reduced = {"fp16": torch.float16, "bf16": torch.bfloat16}
        return reduced.get(self._precision, torch.float32)

    def settings(self, torch) -> dict:
        return {"torch_tensorrt_version": self._library.__version__}


NAMES = ("eager", "compile", "cuda-graphs", "tensorrt")


def choose_mode(options, precision: str):
    if options.mode == "eager":
        mode = Eager()
    elif options.mode == "compile":
        mode = Compile(options.compile_mode)
    elif options.mode == "cuda-graphs":
        mode = CudaGraphs()
    elif options.mode == "tensorrt":
        mode = TensorRt(precision)
    else:
        raise unavailable(
            f"the worker torch has no mode '{options.mode}'; it has: {', '.join(NAMES)}"
        )
    if options.autocast and options.mode == "tensorrt":
        raise unavailable(
            "TensorRT's engines have one precision: autocast is not for --mode tensorrt"
        )
    if options.compile_mode != "default" and options.mode != "compile":
        raise unavailable("the worker option compile_mode is for --mode compile")
    return mode
