"""Devices and precisions, with a fake of a machine's GPUs."""

import unittest

from worker_source import fake_torch
from torch_worker.devices import open_device
from torch_worker.failures import Failure
from torch_worker.precision import choose_precision


class Refusals(unittest.TestCase):
    def refusal_of(self, ask) -> str:
        with self.assertRaises(Failure) as caught:
            ask()
        self.assertEqual(caught.exception.kind, "unavailable")
        return str(caught.exception)


class Devices(Refusals):
    def open(self, name: str, torch=None, benchmark: bool = False):
        return open_device(torch or fake_torch(), name, 2, benchmark)

    def test_cuda_is_the_first_gpu(self):
        self.assertEqual(self.open("cuda").torch_device.index, 0)
        self.assertEqual(self.open("cuda:1").torch_device.index, 1)

    def test_a_device_that_is_not_there_is_refused_with_those_that_are(self):
        self.assertIn("it has: cpu, cuda:0, cuda:1", self.refusal_of(lambda: self.open("cuda:2")))
        self.assertIn("cpu, cuda, cuda:N", self.refusal_of(lambda: self.open("tpu")))

    def test_why_there_is_no_gpu_is_said(self):
        without = fake_torch(gpus=0)
        self.assertIn("built without CUDA", self.refusal_of(lambda: self.open("cuda", without)))
        without.version.cuda = "12.8"
        self.assertIn("nvidia-smi", self.refusal_of(lambda: self.open("cuda", without)))

    def test_a_batchs_memory_is_counted_from_its_beginning(self):
        torch = fake_torch()
        device = self.open("cuda:1", torch)
        device.begin_batch(8)
        self.assertEqual(torch.cuda.calls, ["device 1", "empty cache", "reset peak 1"])
        self.assertEqual(device.memory_bytes(), 1 << 30)

    def test_a_processs_peak_is_that_of_its_largest_batch_alone(self):
        device = self.open("cpu")
        device.begin_batch(64)
        self.assertGreater(device.memory_bytes(), 0)
        device.begin_batch(8)
        self.assertIsNone(device.memory_bytes())

    def test_cudnns_search_is_recorded_and_no_matter_of_a_cpus(self):
        torch = fake_torch()
        self.assertTrue(self.open("cuda", torch, benchmark=True).settings()["cudnn_benchmark"])
        self.assertIn("CUDA", self.refusal_of(lambda: self.open("cpu", benchmark=True)))


class Precisions(Refusals):
    def choose(self, name: str, device: str = "cuda", autocast: bool = False, torch=None):
        torch = torch or fake_torch()
        return choose_precision(torch, name, open_device(torch, device, 2, False), autocast)

    def test_fp32_leaves_nothing_to_tensor_cores_and_tf32_does(self):
        for name, allowed in (("fp32", False), ("tf32", True), ("fp16", False)):
            torch = fake_torch()
            self.choose(name, torch=torch)
            self.assertEqual(torch.backends.cuda.matmul.allow_tf32, allowed, name)
            self.assertEqual(torch.backends.cudnn.allow_tf32, allowed, name)

    def test_single_precision_as_pytorch_comes_rounds_within_cudnn_alone(self):
        torch = fake_torch()
        device = open_device(torch, "cuda", 2, False)
        choose_precision(torch, "fp32", device, False, cudnn_tf32=True)
        settings = device.settings()
        self.assertEqual((settings["tf32_products"], settings["tf32_convolutions"]), (False, True))
        refusal = self.refusal_of(
            lambda: choose_precision(torch, "fp16", device, False, cudnn_tf32=True)
        )
        self.assertIn("--precision fp32", refusal)

    def test_tf32_needs_a_gpu_that_has_it(self):
        self.assertIn("on the CPU", self.refusal_of(lambda: self.choose("tf32", "cpu")))
        old = fake_torch(capability=(7, 5))
        self.assertIn("has 7.5", self.refusal_of(lambda: self.choose("tf32", torch=old)))

    def test_half_precisions_convert_the_weights_and_autocast_leaves_them(self):
        converted = self.choose("bf16")
        self.assertEqual((converted.weights, converted.policy), ("bfloat16", "converted"))
        mixed = self.choose("fp16", autocast=True)
        self.assertEqual((mixed.weights, mixed.policy), ("float32", "autocast"))

    def test_autocast_reduces_to_what_the_device_can(self):
        self.assertIn("not to fp32", self.refusal_of(lambda: self.choose("fp32", autocast=True)))
        self.assertIn("bf16", self.refusal_of(lambda: self.choose("fp16", "cpu", autocast=True)))
        self.assertEqual(self.choose("bf16", "cpu", autocast=True).policy, "autocast")

    def test_a_precision_of_another_runtime_is_refused(self):
        self.assertIn("fp32, tf32, fp16, bf16", self.refusal_of(lambda: self.choose("int4")))


if __name__ == "__main__":
    unittest.main()
