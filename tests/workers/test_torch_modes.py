"""How a model is run, with a fake of PyTorch 2 and of a GPU: the order of what is asked of them."""

import contextlib
import sys
import unittest
from types import SimpleNamespace
from unittest import mock

from worker_source import fake_torch
from torch_worker.devices import open_device
from torch_worker.failures import Failure
from torch_worker.modes import choose_mode
from torch_worker.options import read_options


class ModeTest(unittest.TestCase):
    def setUp(self) -> None:
        self.torch = fake_torch()
        self.calls = self.torch.cuda.calls

    def model(self, kind: str = "module"):
        return SimpleNamespace(module=lambda *inputs: self.calls.append("model"), kind=kind)

    def mode(self, name: str, device: str = "cuda", precision: str = "fp16", **options):
        mode = choose_mode(read_options({"mode": name, **options}), precision)
        mode.check(self.torch, open_device(self.torch, device, 2, False))
        self.calls.clear()
        return mode

    def prepare(self, mode, kind: str = "module"):
        inputs = [SimpleNamespace(shape=(8, 3, 4, 4), dtype="float16")]
        return mode.prepare(self.torch, self.model(kind), inputs, contextlib.nullcontext)

    def refusal_of(self, *words, **options) -> str:
        with self.assertRaises(Failure) as caught:
            self.mode(*words, **options)
        self.assertEqual(caught.exception.kind, "unavailable")
        return str(caught.exception)


class Eager(ModeTest):
    def test_a_batch_is_one_call_of_the_model(self):
        run = self.prepare(self.mode("eager"))
        self.assertEqual(self.calls, [])
        run()
        self.assertEqual(self.calls, ["model"])

    def test_torchscript_has_specialised_itself_before_it_is_measured(self):
        self.prepare(self.mode("eager"), "TorchScript")
        self.assertEqual(self.calls, ["model", "model"])

    def test_an_unknown_mode_is_refused_with_those_there_are(self):
        self.assertIn("eager, compile, cuda-graphs, tensorrt", self.refusal_of("fast"))


class Compile(ModeTest):
    def setUp(self) -> None:
        super().setUp()
        self.asked = []

        def compile_(module, **how):
            self.asked.append(how)
            return module

        self.torch.compile = compile_
        self.torch._dynamo = SimpleNamespace(reset=lambda: self.calls.append("reset"))

    def test_each_batch_size_is_compiled_anew_and_for_itself(self):
        mode = self.mode("compile", compile_mode="max-autotune")
        run = self.prepare(mode)
        self.assertEqual(self.asked, [{"mode": "max-autotune", "dynamic": False}])
        self.assertEqual(self.calls, ["reset", "model", "model", "model"])
        self.calls.clear()
        run()
        self.assertEqual(self.calls, ["model"])
        self.assertEqual(mode.settings(self.torch), {"compile_mode": "max-autotune"})

    def test_torchscript_is_compiled_already(self):
        with self.assertRaises(Failure) as caught:
            self.prepare(self.mode("compile"), "TorchScript")
        self.assertEqual(caught.exception.kind, "unsupported")

    def test_pytorch_1_has_no_compiler(self):
        del self.torch.compile
        self.torch.__version__ = "1.13.1"
        self.assertIn("PyTorch 2.0 or later; this one is 1.13.1", self.refusal_of("compile"))

    def test_its_option_is_for_this_mode_alone(self):
        self.assertIn("--mode compile", self.refusal_of("eager", compile_mode="max-autotune"))


class CudaGraphs(ModeTest):
    def test_a_batch_is_captured_once_after_a_warm_up_beside_and_then_replayed(self):
        run = self.prepare(self.mode("cuda-graphs"))
        self.assertEqual(
            self.calls,
            ["wait", "begin side stream", "model", "model", "model", "end side stream", "wait"]
            + ["begin capture", "model", "end capture"],
        )
        self.calls.clear()
        run()
        run()
        self.assertEqual(self.calls, ["replay", "replay"])

    def test_the_graphs_memory_lives_as_long_as_it_is_replayed(self):
        run = self.prepare(self.mode("cuda-graphs"))
        _, inputs, _ = run.kept
        self.assertEqual(len(inputs), 1)

    def test_it_is_for_gpus(self):
        self.assertIn("--device cuda", self.refusal_of("cuda-graphs", "cpu"))


class TensorRt(ModeTest):
    def with_library(self):
        self.compiled = []

        def compile_(module, **how):
            self.compiled.append(how)
            return module

        library = SimpleNamespace(
            __version__="2.9.0", compile=compile_, Input=lambda shape, dtype: (shape, dtype)
        )
        return mock.patch.dict(sys.modules, {"torch_tensorrt": library})

    def test_an_engine_is_made_for_the_batchs_shape_and_precision(self):
        with self.with_library():
            mode = self.mode("tensorrt")
            run = self.prepare(mode)
        (how,) = self.compiled
        self.assertEqual(how["ir"], "dynamo")
        self.assertEqual(how["inputs"], [((8, 3, 4, 4), "float16")])
        self.assertEqual(how["enabled_precisions"], {"float16"})
        self.assertTrue(how["disable_tf32"])
        self.calls.clear()
        run()
        self.assertEqual(self.calls, ["model"])
        self.assertEqual(mode.settings(self.torch), {"torch_tensorrt_version": "2.9.0"})

    def test_torchscript_goes_its_own_way_and_tf32_is_let(self):
        with self.with_library():
            self.prepare(self.mode("tensorrt", precision="tf32"), "TorchScript")
        self.assertEqual(self.compiled[0]["ir"], "torchscript")
        self.assertFalse(self.compiled[0]["disable_tf32"])
        self.assertEqual(self.compiled[0]["enabled_precisions"], {"float32"})

    def test_the_package_that_is_missing_is_named(self):
        with mock.patch.dict(sys.modules, {"torch_tensorrt": None}):
            self.assertIn("pip install torch-tensorrt", self.refusal_of("tensorrt"))

    def test_it_has_one_precision(self):
        self.assertIn("autocast", self.refusal_of("tensorrt", autocast=True))


if __name__ == "__main__":
    unittest.main()
