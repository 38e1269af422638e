"""`wattfor sweep` on real models and on a worker that misbehaves."""

import json
import os
import pty
import signal
import termios
import unicodedata
import unittest

from program import DIGITS, REPOSITORY, ProgramTest

QUICK = ("--max-seconds", "0.05", "--replicates", "2", "--idle-seconds", "0")
HAS_RUNTIME = any(REPOSITORY.glob(".venv/lib/python3*/site-packages/onnxruntime/capi/lib*.so*"))


def read_terminal(main: int) -> bytes:
    """What was written to a pseudo terminal; nothing once its other end is closed."""
    try:
        return os.read(main, 4096)
    except OSError:
        return b""


class Real(ProgramTest):
    @unittest.skipUnless(HAS_RUNTIME, "no ONNX Runtime in .venv (tools/install runtime)")
    def test_digits_models_are_measured_over_batch_sizes_and_ranked(self):
        names = ["digits_mlp_xs", "digits_lenet_xs", "digits_vit_xs", "digits_hybrid_xs"]
        models = [DIGITS / f"{name}.onnx" for name in names]
        answer = json.loads(
            self.wattfor("sweep", *models, *QUICK, "--batch-sizes", "1,8", "--json").stdout
        )
        self.assertEqual(answer["summary"]["done"], 8)
        for record in answer["measurements"]:
            self.assertEqual(record["cell"]["setup"]["runtime"], "onnxruntime")
            self.assertEqual(record["cell"]["model"]["input_size"], 8)
            self.assertGreater(record["result"]["energy_per_image"]["energy_j"], 0)
            self.assertGreater(record["result"]["throughput_per_s"], 0)
            self.assertEqual(len(record["result"]["replicates"]), 2)
        self.wattfor("import", "accuracy", DIGITS / "accuracy.csv")
        rows = json.loads(self.wattfor("rank", "--json").stdout)["rows"]
        self.assertEqual({row["model"] for row in rows}, set(names))

    @unittest.skipUnless(HAS_RUNTIME, "no ONNX Runtime in .venv (tools/install runtime)")
    def test_the_example_worker_of_the_docs_can_be_swept(self):
        folder = REPOSITORY / "docs" / "examples"
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        model = DIGITS / "digits_mlp_xs.onnx"
        self.wattfor(
            "sweep", model, "--worker", "example", *QUICK, "--batch-sizes", "2", env={"PATH": path}
        )
        self.assertEqual(self.records()[0]["outcome"], "done")


class Gpu(ProgramTest):
    """Two imitated libraries: NVIDIA's, which reads an H200's power, and ONNX Runtime's, which runs there."""

    def setUp(self):
        super().setUp()
        gpu = {"name": "NVIDIA H200", "uuid": "GPU-1", "architecture": 9, "power_usage_mw": 280_000}
        machine = {"driver": "570.86.15", "live": True, "gpus": [gpu]}
        (self.home / "gpus.json").write_text(json.dumps(machine))
        self.env |= {
            "WATTFOR_NVML": os.environ["WATTFOR_FAKE_NVML"],
            "FAKE_NVML_FILE": str(self.home / "gpus.json"),
        }
        (self.home / "model.onnx").write_text("any")
        library = ("--runtime-library", os.environ["WATTFOR_FAKE_ONNXRUNTIME"])
        self.words = ("sweep", self.home / "model.onnx", *library, *QUICK)

    def test_a_setup_is_called_by_its_gpu_and_provider(self):
        for device in ("cuda", "tensorrt:0"):
            self.wattfor(*self.words, "--device", device, "--precision", "fp16", "--batch-sizes", "2")
        cuda, tensorrt = self.records()
        self.assertEqual(cuda["cell"]["setup"]["id"], "h200_onnxruntime_fp16")
        self.assertEqual(cuda["cell"]["setup"]["device"], "NVIDIA H200")
        self.assertEqual(cuda["settings"]["execution_provider"], "CUDAExecutionProvider")
        self.assertEqual(tensorrt["cell"]["setup"]["id"], "h200_onnxruntime-tensorrt_fp16")
        self.assertEqual(cuda["energy"]["total"]["scope"], "gpu only")

    def test_a_search_ends_at_the_devices_memory(self):
        # The device holds 1 MiB: inputs and outputs of 32,768 items of 16 bytes.
        answer = self.wattfor(
            *self.words, "--device", "cuda", "--batch-sizes", "16384,32768,65536", "--json", status=1
        )
        records = json.loads(answer.stdout)["measurements"]
        self.assertEqual([record["outcome"] for record in records], ["done", "done", "failed"])
        self.assertEqual(records[2]["settings"]["failure"], "out_of_memory")

    def test_a_gpu_that_is_not_there_ends_the_sweep_and_records_nothing(self):
        refused = self.wattfor(*self.words, "--device", "cuda:2", status=None)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("can't use the GPU 2", refused.stderr)
        self.assertEqual(self.records(), [])


class Resume(ProgramTest):
    def setUp(self):
        super().setUp()
        self.model = self.home / "model.onnx"
        self.model.write_text("weights")
        self.words = ("sweep", self.model, "--worker", "fake", *QUICK)

    def test_the_same_words_again_measure_nothing_again(self):
        self.wattfor(*self.words, "--batch-sizes", "1,2,4")
        first = self.records()
        self.wattfor(*self.words, "--batch-sizes", "1,2,4")
        self.assertEqual(self.records(), first)
        self.wattfor(*self.words, "--batch-sizes", "1,2,4,8")
        self.assertEqual(self.records()[:3], first)
        self.assertEqual(len(self.records()), 4)

    def test_cells_that_failed_before_are_named_with_the_way_to_try_again(self):
        model = self.home / "error-at-run.onnx"
        model.write_text("weights")
        words = ("sweep", model, "--worker", "fake", *QUICK, "--batch-sizes", "1")
        self.assertNotIn("--retry-failed", self.wattfor(*words, status=1).stderr)
        self.assertIn("--retry-failed", self.wattfor(*words, status=1).stderr)

    def test_a_model_whose_weights_changed_is_another_model(self):
        self.wattfor(*self.words, "--batch-sizes", "1")
        self.model.write_text("other weights")
        self.wattfor(*self.words, "--batch-sizes", "1")
        self.assertEqual(len(self.records()), 2)

    def test_a_model_under_another_name_is_measured_under_that_name(self):
        self.wattfor(*self.words, "--batch-sizes", "1")
        copy = self.home / "copy.model"
        copy.write_text(self.model.read_text())
        self.wattfor("sweep", copy, "--worker", "fake", *QUICK, "--batch-sizes", "1")
        names = [record["cell"]["model"]["name"] for record in self.records()]
        self.assertEqual(names, ["model", "copy"])

    def test_what_somebody_else_measured_is_measured_here_all_the_same(self):
        self.wattfor(*self.words, "--batch-sizes", "1")
        (self.home / "theirs.json").write_text(self.wattfor("export").stdout)
        mine = {"env": {"WATTFOR_DB": str(self.home / "mine.db")}}
        self.wattfor("import", self.home / "theirs.json", **mine)
        again = self.wattfor(*self.words, "--batch-sizes", "1", "--json", **mine)
        self.assertEqual(json.loads(again.stdout)["summary"]["done"], 1)

    def test_a_models_name_gives_the_terminal_no_orders(self):
        model = self.home / "\x1b]0;title\x07\u009b2Jö.onnx"
        model.write_text("weights")
        main, terminal = pty.openpty()
        # Wide enough for a progress bar with the name.
        termios.tcsetwinsize(terminal, (24, 200))
        words = ("sweep", model, "--worker", "fake", *QUICK, "--batch-sizes", "1")
        with self.start(*words, stderr=terminal) as process:
            os.close(terminal)
            shown = b""
            while chunk := read_terminal(main):
                shown += chunk
        os.close(main)
        self.assertEqual(process.returncode, 0)
        text = shown.decode().replace("\r\x1b[K", "").replace("\r\n", "")
        self.assertIn("?]0;title??2Jö", text)
        self.assertEqual([c for c in text if unicodedata.category(c) == "Cc"], [])

    def test_a_screen_that_nobody_watches_costs_no_cell(self):
        reader, closed_pipe = os.pipe()
        os.close(reader)
        with open("/dev/full", "w") as full, os.fdopen(closed_pipe, "w") as pipe:
            self.wattfor(*self.words, "--batch-sizes", "1,2", stderr=pipe)
            self.wattfor(*self.words, "--batch-sizes", "4,8", stderr=full)
        self.assertEqual(len(self.records()), 4)

    def test_an_interrupted_sweep_keeps_what_is_finished_and_dies_by_the_signal(self):
        words = (*self.words, "--batch-sizes", ",".join(map(str, range(1, 400))))
        with self.start(*words) as process:
            process.stderr.readline()  # one cell is finished
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertGreaterEqual(len(self.records()), 1)
        self.assertEqual({record["outcome"] for record in self.records()}, {"done"})


if __name__ == "__main__":
    unittest.main()
