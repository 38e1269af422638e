"""One loaded model on a fake GPU: what is prepared, dropped and recorded."""

import unittest
from types import SimpleNamespace
from unittest import mock

from worker_source import fake_torch
from torch_worker import backend as module
from torch_worker.failures import Failure
from torch_worker.inputs import Input
from torch_worker.models import Model


class OutOfMemoryError(RuntimeError):
    """As torch.cuda's."""


class FakeModule:
    """A model that takes batches up to a size, and notes what becomes of it."""

    def __init__(self, most: int = 64) -> None:
        self.most = most
        self.moves: list = []
        self.runs: list[int] = []

    def __call__(self, tensor) -> None:
        if tensor.shape[0] > self.most:
            raise OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
        self.runs.append(tensor.shape[0])

    def to(self, *what, **how) -> None:
        self.moves.append(what or how)


class BackendTest(unittest.TestCase):
    def setUp(self) -> None:
        self.torch = fake_torch(channels_last="channels last", get_num_threads=lambda: 2)
        self.module = FakeModule()
        inputs = [Input("x", (None, 3, 8, 8))]
        model = Model(self.module, inputs, "module", {"weights": "random"})
        for name, fake in (
            ("runtime.import_torch", lambda threads: self.torch),
            (
                "runtime.settings_of",
                lambda torch: {"runtime": "PyTorch", "runtime_version": "2.9.1"},
            ),
            ("models.load_model", lambda *_: model),
            (
                "inputs.random_inputs",
                lambda torch, inputs, batch, *_: [SimpleNamespace(shape=(batch, 3, 8, 8))],
            ),
        ):
            patch = mock.patch(f"{module.__name__}.{name}", fake)
            patch.start()
            self.addCleanup(patch.stop)
        self.backend = module.Backend()

    def load(self, precision: str = "fp16", **options):
        return self.backend.load(
            {"model": "timm:x", "device": "cuda:1", "precision": precision, "options": options}
        )

    def failure_of(self, ask) -> Failure:
        with self.assertRaises(Failure) as caught:
            ask()
        return caught.exception

    def test_a_batch_runs_to_its_end_on_the_device(self):
        self.load()
        self.backend.prepare(8)
        self.torch.cuda.calls.clear()
        self.backend.run_batch()
        self.assertEqual(self.module.runs, [8])
        self.assertEqual(self.torch.cuda.calls, ["synchronize 1"])

    def test_the_same_batch_is_prepared_once(self):
        self.load()
        self.backend.prepare(8)
        self.torch.cuda.calls.clear()
        self.backend.prepare(8)
        self.assertEqual(self.torch.cuda.calls, [])
        self.backend.prepare(4)
        self.assertIn("reset peak 1", self.torch.cuda.calls)

    def test_out_of_memory_is_said_and_a_smaller_batch_runs_after_it(self):
        self.load()
        self.backend.prepare(128)
        failure = self.failure_of(self.backend.run_batch)
        self.assertEqual(failure.kind, "out_of_memory")
        self.assertTrue(str(failure).startswith("a batch of 128: OutOfMemoryError: CUDA out of"))
        self.backend.prepare(8)
        self.backend.run_batch()
        self.assertEqual(self.module.runs, [8])

    def test_a_graph_that_does_not_fit_is_out_of_memory_before_it_is_measured(self):
        self.load(mode="cuda-graphs")
        self.assertEqual(self.failure_of(lambda: self.backend.prepare(128)).kind, "out_of_memory")
        self.backend.prepare(8)
        self.torch.cuda.calls.clear()
        self.backend.run_batch()
        self.assertEqual(self.torch.cuda.calls, ["replay", "synchronize 1"])

    def test_weights_are_converted_and_laid_out_as_asked(self):
        inputs, settings = self.load(channels_last=True)
        self.assertEqual(self.module.moves, [("float16",), {"memory_format": "channels last"}])
        self.assertEqual(inputs, [{"name": "x", "shape": [None, 3, 8, 8], "type": "float16"}])
        self.assertEqual(settings["precision_policy"], "converted")
        self.assertTrue(settings["channels_last"])

    def test_autocast_leaves_weights_and_inputs(self):
        inputs, settings = self.load(autocast=True)
        self.assertEqual(self.module.moves, [])
        self.assertEqual(inputs[0]["type"], "float32")
        self.assertEqual(settings["precision_policy"], "autocast")

    def test_the_record_names_device_libraries_mode_and_weights(self):
        _, settings = self.load(mode="cuda-graphs")
        self.assertLessEqual(
            {
                "device_name": "NVIDIA H200",
                "cuda_version": "12.8",
                "cudnn_version": 91002,
                "tf32_products": False,
                "mode": "cuda-graphs",
                "weights": "random",
                "runtime": "PyTorch",
            }.items(),
            settings.items(),
        )

    def test_what_the_device_held_is_told_where_pytorch_knows_it(self):
        self.load()
        self.backend.prepare(8)
        self.assertEqual(self.backend.memory_bytes(), 1 << 30)

    def test_a_wrong_python_is_told_and_nothing_is_loaded(self):
        self.backend = module.Backend("$WATTFOR_PYTHON is '/absent'")
        for ask in (self.load, lambda: self.backend.list("timm:resnet*")):
            failure = self.failure_of(ask)
            self.assertEqual(
                (failure.kind, str(failure)), ("unavailable", "$WATTFOR_PYTHON is '/absent'")
            )
        self.assertFalse(self.backend.loaded)

    def test_another_catalogue_is_refused(self):
        self.assertIn("only timm:", str(self.failure_of(lambda: self.backend.list("hub:resnet"))))


if __name__ == "__main__":
    unittest.main()
