"""`wattfor sweep … --worker torch` with PyTorch and timm themselves, on the CPU."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from worker_source import REPOSITORY, WORKER

sys.path.insert(0, str(REPOSITORY / "tests" / "cli"))
from program import ProgramTest  # noqa: E402

QUICK = ("--max-seconds", "0.05", "--replicates", "2", "--idle-seconds", "0", "--threads", "1")


# Not imported to see: that takes seconds, and what is there has to work.
LOOK = """
import importlib.metadata, importlib.util, json
there = {name: importlib.util.find_spec(name) is not None for name in ("torch", "timm")}
there["version"] = importlib.metadata.version("torch") if there["torch"] else "0"
print(json.dumps(there))
"""


def look_for_torch() -> tuple[str | None, dict]:
    """The first Python with PyTorch, and what it has: $WATTFOR_TORCH_PYTHON, the one of
    `tools/install torch`, Debian's."""
    chosen = os.environ.get("WATTFOR_TORCH_PYTHON")
    usual = [REPOSITORY / ".venv-torch" / "bin" / "python", Path("/usr/bin/python3")]
    for python in [Path(chosen)] if chosen else usual:
        if python.exists():
            answer = subprocess.run(
                [python, "-c", LOOK], capture_output=True, text=True, check=True
            )
            there = json.loads(answer.stdout)
            if there["torch"]:
                return str(python), there
    return None, {"timm": False, "version": "0"}


TORCH, THERE = look_for_torch()
TIMM = TORCH if THERE["timm"] else None
HAS_COMPILE = int(THERE["version"].split(".")[0]) >= 2

MAKE_MODELS = Path(__file__).with_name("make_torch_models.py")


@unittest.skipUnless(TORCH, "no PyTorch (tools/install torch)")
class TorchTest(ProgramTest):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory(prefix="wattfor-models-")
        cls.addClassCleanup(folder.cleanup)
        cls.models = Path(folder.name)
        subprocess.run([TORCH, "-B", MAKE_MODELS], cwd=cls.models, check=True)

    def setUp(self) -> None:
        super().setUp()
        self.env["WATTFOR_PYTHON"] = TORCH

    def sweep(self, *words, status=0):
        return self.wattfor("sweep", *words, "--worker", "torch", *QUICK, status=status)


class Sweeps(TorchTest):
    def test_a_torchscript_file_is_measured_and_its_record_says_how(self):
        self.sweep(
            self.models / "net.pt", "--batch-sizes", "1,8", "--worker-option", "channels_last=true"
        )
        records = self.records()
        self.assertEqual([record["outcome"] for record in records], ["done"] * 2)
        cell, settings = records[0]["cell"], records[0]["settings"]
        self.assertEqual(cell["model"]["name"], "net")
        self.assertEqual(cell["model"]["input_size"], 16)
        self.assertRegex(cell["setup"]["id"], r"_pytorch-channels-last_fp32_t1$")
        self.assertRegex(
            cell["setup"]["label"], r"· PyTorch \d\S+ channels-last · fp32 · 1 thread$"
        )
        self.assertEqual(cell["setup"]["runtime_version"], settings["runtime_version"])
        for name, value in (
            ("mode", "eager"),
            ("channels_last", "true"),
            ("precision_policy", "converted"),
            ("intra_op_threads", "1"),
            ("weights", "file"),
            ("model_kind", "TorchScript"),
        ):
            self.assertEqual(settings[name], value, name)
        self.assertNotEqual(settings["blas"], "")
        self.assertGreater(records[1]["result"]["memory_bytes"], 1e6)

    @unittest.skipUnless(TIMM, "no timm (tools/install torch)")
    def test_timms_models_are_measured_by_name_and_found_again(self):
        words = ("timm:test_resne?", "timm:test_vit", "timm:test_vit", "--batch-sizes", "2")
        self.sweep(*words)
        records = self.records()
        models = [record["cell"]["model"] for record in records]
        self.assertEqual([model["name"] for model in models], ["test_resnet", "test_vit"])
        self.assertEqual([model["file"] for model in models], ["timm:test_resnet", "timm:test_vit"])
        self.assertEqual({model["input_size"] for model in models}, {160})
        self.assertEqual(records[0]["settings"]["weights"], "random")
        self.assertIn("timm_version", records[0]["settings"])
        again = json.loads(self.sweep(*words, "--json").stdout)["summary"]
        self.assertEqual((again["done"], again["already_there"]), (0, 2))

    @unittest.skipUnless(TIMM, "no timm (tools/install torch)")
    def test_a_name_that_timm_lacks_ends_the_sweep_before_it_begins(self):
        refused = self.sweep(self.models / "net.pt", "timm:test_vjt", status=None)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("is it one of: test_vit", refused.stderr)
        self.assertEqual(self.records(), [])

    def test_a_batch_beyond_the_memory_is_told_from_a_crash(self):
        # 4 MiB an item: 64 TiB of inputs.
        self.sweep(
            self.models / "sum.pt",
            *("--worker-option", "input_shape=1048576", "--batch-sizes", "1,16777216"),
            status=1,
        )
        fits, refused = self.records()
        self.assertEqual(fits["outcome"], "done")
        self.assertEqual(refused["settings"]["failure"], "out_of_memory")
        self.assertIn("a batch of 16777216", refused["reason"])

    def test_a_worker_that_is_killed_loses_its_cell_alone(self):
        sizes = ",".join(str(size) for size in range(1, 9))
        words = ("sweep", self.models / "net.pt", "--worker", "torch", *QUICK)
        with self.start(*words, "--batch-sizes", sizes, stderr=subprocess.PIPE) as process:
            process.stderr.readline()  # one cell is finished
            (worker,) = children_of(process.pid)
            os.kill(worker, signal.SIGKILL)
            process.communicate(timeout=120)
        outcomes = [record["outcome"] for record in self.records()]
        self.assertEqual((outcomes.count("failed"), outcomes.count("done")), (1, 7))
        (failed,) = [record for record in self.records() if record["outcome"] == "failed"]
        self.assertEqual(failed["settings"]["failure"], "died")

    def test_models_that_are_none_fail_by_themselves(self):
        damaged = self.home / "damaged.pt"
        damaged.write_bytes((self.models / "net.pt").read_bytes()[:1000])
        self.sweep(
            damaged,
            self.models / "weights.pt",
            self.models / "sum.pt",
            self.models / "net.pt",
            *("--batch-sizes", "1"),
            status=1,
        )
        reasons = {record["name"]: record["reason"] for record in self.records()}
        self.assertIn("is damaged or no model of PyTorch", reasons["damaged"])
        self.assertIn("holds weights or a pickled module", reasons["weights"])
        self.assertIn("input_shape=3x224x224", reasons["sum"])
        self.assertEqual(reasons["net"], "")

    def test_what_no_model_can_have_ends_the_sweep_and_records_nothing(self):
        net = self.models / "net.pt"
        for words, reason in (
            (("--mode", "fast"), "it has: eager, compile, cuda-graphs, tensorrt"),
            (("--precision", "int4"), "it offers: fp32, tf32, fp16, bf16"),
            (("--worker-option", "chanels_last=true"), "no option 'chanels_last'"),
            (("--device", "tpu"), "no device 'tpu'"),
        ):
            refused = self.sweep(net, *words, status=None)
            self.assertNotEqual(refused.returncode, 0, words)
            self.assertIn(reason, refused.stderr)
        self.assertEqual(self.records(), [])

    @unittest.skipIf(HAS_COMPILE, "this PyTorch compiles")
    def test_pytorch_1_says_that_it_does_not_compile(self):
        refused = self.sweep(self.models / "net.pt", "--mode", "compile", status=None)
        self.assertIn("needs PyTorch 2.0 or later", refused.stderr)

    @unittest.skipUnless(HAS_COMPILE, "PyTorch 1 does not compile")
    @unittest.skipUnless(TIMM, "no timm (tools/install torch)")
    def test_a_compiled_model_is_a_setup_of_its_own(self):
        self.sweep("timm:test_resnet", "--mode", "compile", "--batch-sizes", "2")
        (record,) = self.records()
        self.assertEqual(record["outcome"], "done")
        self.assertIn("_pytorch-compile_", record["cell"]["setup"]["id"])

    def test_an_exported_program_is_measured_at_the_batches_that_it_was_exported_for(self):
        if not (self.models / "free.pt2").exists():
            self.skipTest("PyTorch 1 exports no programs")
        self.sweep(self.models / "free.pt2", self.models / "two.pt2", "--batch-max", "4")
        done = [record["cell"] for record in self.records() if record["outcome"] == "done"]
        sizes = {"free": set(), "two": set()}
        for cell in done:
            self.assertEqual(cell["model"]["input_size"], 16)
            sizes[cell["model"]["name"]].add(cell["batch_size"])
        self.assertGreaterEqual(len(sizes["free"]), 2)
        self.assertEqual(sizes["two"], {2})

    def test_bfloat16_and_half_precision(self):
        self.sweep(self.models / "net.pt", "--precision", "bf16", "--batch-sizes", "2")
        self.assertEqual(self.records()[0]["outcome"], "done")
        # Convolutions in half precision came to the CPU with PyTorch 2.
        self.sweep(self.models / "net.pt", "--precision", "fp16", "--batch-sizes", "2", status=None)
        half = self.records()[1]
        if half["outcome"] != "done":
            self.assertEqual(half["settings"]["failure"], "unsupported")


def children_of(pid: int) -> list[int]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = []
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
        if found:
            return found
    return []


class Inputs(TorchTest):
    CHECKS = """
import sys, types
sys.path.insert(0, sys.argv[1])
import torch
from torch_worker.inputs import Input, random_inputs
cpu = types.SimpleNamespace(torch_device=torch.device("cpu"))
single = types.SimpleNamespace(weights=torch.float32)
brain = types.SimpleNamespace(weights=torch.bfloat16)
def made(dtype, seed=7, precision=single, last=False, shape=(None, 3, 40, 40)):
    return random_inputs(torch, [Input("x", shape, dtype)], 4, seed, cpu, precision, last)[0]
pixels = made("float32")
assert pixels.shape == (4, 3, 40, 40) and pixels.dtype == torch.float32
assert pixels.min() >= 0 and pixels.max() < 1 and abs(pixels.mean() - 0.5) < 0.02
assert torch.equal(pixels, made("float32")) and not torch.equal(pixels, made("float32", seed=8))
assert made("float32", seed=2**64 - 1).mean() > 0
assert made("float32", precision=brain).dtype == torch.bfloat16
assert made("float64", precision=brain).dtype == torch.float64
assert made("float32", last=True).is_contiguous(memory_format=torch.channels_last)
assert made("float32", last=True, shape=(None, 5)).shape == (4, 5)
for dtype in ("int64", "int32", "bool"):
    values = made(dtype)
    assert str(values.dtype) == "torch." + dtype and set(values.unique().tolist()) == {0, 1}, dtype
for dtype, low, high in (("uint8", 0, 255), ("int8", -128, 127)):
    values = made(dtype)
    assert (values.min(), values.max()) == (low, high), dtype
"""

    def test_random_inputs_are_the_seeds_and_of_the_models_types(self):
        checks = [TORCH, "-B", "-c", self.CHECKS, str(WORKER.parent)]
        done = subprocess.run(checks, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)


class Pythons(ProgramTest):
    """Which Python it runs in, and what is said where that lacks something; needs no PyTorch."""

    def refusal_in(self, python: str) -> str:
        self.env["WATTFOR_PYTHON"] = python
        model = self.home / "model.pt"
        model.write_text("weights")
        refused = self.wattfor("sweep", model, "--worker", "torch", status=None)
        self.assertNotEqual(refused.returncode, 0)
        self.assertEqual(self.records(), [])
        return refused.stderr

    def test_one_without_pytorch_says_what_to_install_where(self):
        bare = self.home / "bare-python"
        bare.write_text('#!/bin/sh\nexec /usr/bin/python3 -S "$@"\n')
        bare.chmod(0o755)
        refusal = self.refusal_in(str(bare))
        self.assertIn("PyTorch can't be imported in /usr/bin/python3", refusal)
        self.assertIn("-m pip install torch", refusal)
        self.assertIn("$WATTFOR_PYTHON", refusal)

    def test_one_that_is_not_there_is_named(self):
        self.assertIn("'/absent/python3', which is no program", self.refusal_in("/absent/python3"))


if __name__ == "__main__":
    unittest.main()
