import sys
import types
import unittest
from unittest import mock

import wattfor
from support import SimulatedCase, run_python, warnings_of


def module(**members: object) -> types.SimpleNamespace:
    return types.SimpleNamespace(**members)


def fake_torch(calls: list, *, initialised: bool = True, capturing: bool = False, **cuda: object):
    """PyTorch with two devices, of which the second is in use."""
    members = {
        "is_initialized": lambda: initialised,
        "is_current_stream_capturing": lambda: capturing,
        "device_count": lambda: 2,
        "synchronize": lambda device=None: calls.append(("torch", device)),
        **cuda,
    }
    return module(
        cuda=module(**members), _C=module(_cuda_hasPrimaryContext=lambda device: device == 1)
    )


class SynchroniseTest(SimulatedCase):
    def calls_of_a_window(self, framework: str, fake: object, **settings: bool) -> None:
        with mock.patch.dict(sys.modules, {framework: fake}):
            with wattfor.measure("step", **settings):
                pass

    def test_waits_at_both_edges_for_the_devices_that_torch_uses(self):
        calls: list = []
        self.calls_of_a_window("torch", fake_torch(calls))
        self.assertEqual(calls, [("torch", 1), ("torch", 1)])

    def test_waits_for_the_current_device_of_a_torch_that_does_not_tell_which_it_uses(self):
        calls: list = []
        torch = fake_torch(calls)
        torch._C = module()
        self.calls_of_a_window("torch", torch)
        self.assertEqual(calls, [("torch", None), ("torch", None)])

    def test_starts_no_cuda_that_torch_has_not_started(self):
        calls: list = []
        self.calls_of_a_window("torch", fake_torch(calls, initialised=False))
        self.assertEqual(calls, [])

    def test_breaks_no_capture_of_a_cuda_graph(self):
        calls: list = []
        self.calls_of_a_window("torch", fake_torch(calls, capturing=True))
        self.assertEqual(calls, [])

    def test_waits_for_the_live_arrays_of_jax(self):
        calls: list = []
        jax = module(live_arrays=lambda: ["a", "b"], block_until_ready=calls.append)
        self.calls_of_a_window("jax", jax)
        self.assertEqual(calls, [["a", "b"], ["a", "b"]])

    def test_starts_no_back_end_that_jax_has_not_started(self):
        calls: list = []
        jax = module(live_arrays=lambda: [], block_until_ready=calls.append)
        bridge = module(backends_are_initialized=lambda: False)
        with mock.patch.dict(sys.modules, {"jax._src.xla_bridge": bridge}):
            self.calls_of_a_window("jax", jax)
        self.assertEqual(calls, [])

    def test_waits_for_tensorflow(self):
        calls: list = []
        wait = module(sync_devices=lambda: calls.append("tensorflow"))
        self.calls_of_a_window("tensorflow", module(test=module(experimental=wait)))
        self.assertEqual(calls, ["tensorflow", "tensorflow"])

    def test_starts_no_context_that_tensorflow_has_not_started(self):
        calls: list = []
        wait = module(sync_devices=lambda: calls.append("tensorflow"))
        context = module(context=lambda: module(_initialized=False))
        with mock.patch.dict(sys.modules, {"tensorflow.python.eager.context": context}):
            self.calls_of_a_window("tensorflow", module(test=module(experimental=wait)))
        self.assertEqual(calls, [])

    def fake_cupy(self, calls: list, *, context: int = 7, capturing: bool = False):
        return module(
            cuda=module(
                runtime=module(deviceSynchronize=lambda: calls.append("cupy")),
                driver=module(ctxGetCurrent=lambda: context),
                get_current_stream=lambda: module(is_capturing=lambda: capturing),
            )
        )

    def test_waits_for_cupy(self):
        calls: list = []
        self.calls_of_a_window("cupy", self.fake_cupy(calls))
        self.assertEqual(calls, ["cupy", "cupy"])

    def test_starts_no_cuda_that_cupy_has_not_started_and_breaks_no_capture_of_its(self):
        calls: list = []
        self.calls_of_a_window("cupy", self.fake_cupy(calls, context=0))
        self.calls_of_a_window("cupy", self.fake_cupy(calls, capturing=True))
        self.assertEqual(calls, [])

    def test_waits_for_nobody_while_torch_captures(self):
        calls: list = []
        with mock.patch.dict(sys.modules, {"cupy": self.fake_cupy(calls)}):
            self.calls_of_a_window("torch", fake_torch(calls, capturing=True))
        self.assertEqual(calls, [])

    def test_waits_for_nothing_where_it_is_told_not_to(self):
        calls: list = []
        self.calls_of_a_window("torch", fake_torch(calls), sync=False)
        self.assertEqual(calls, [])

    def test_a_run_and_its_epochs_and_windows_have_such_edges_too(self):
        for sync, expected in ((True, 2 + 2 + 2 + 1), (False, 0)):
            calls: list = []
            with mock.patch.dict(sys.modules, {"torch": fake_torch(calls)}):
                with wattfor.track("edges", db=self.folder / "wattfor.db", sync=sync) as run:
                    with run.epoch():
                        run.mark_step()
                    with run.measure("window"):
                        pass
                    run.mark_epoch()
            self.assertEqual(len(calls), expected)

    def test_a_failure_is_warned_of_once_and_breaks_nothing(self):
        def fail(device: object = None) -> None:
            raise RuntimeError("CUDA error: an illegal memory access\nmore")

        torch = fake_torch([], synchronize=fail)
        said = warnings_of(lambda: self.calls_of_a_window("torch", torch))
        self.assertEqual(
            said,
            [
                "wattfor: windows may begin or end before torch's work does: "
                "RuntimeError: CUDA error: an illegal memory access"
            ],
        )

    def test_a_framework_that_is_half_imported_breaks_nothing(self):
        with mock.patch.dict(sys.modules, {"cupy": module()}):
            said = warnings_of(lambda: self.calls_of_a_window("cupy", module()))
        self.assertIn("AttributeError", said[0])

    def test_the_interrupt_of_a_wait_passes(self):
        def interrupt(device: object = None) -> None:
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            self.calls_of_a_window("torch", fake_torch([], synchronize=interrupt))

    def test_an_interrupt_at_its_end_closes_a_window_and_a_run_all_the_same(self):
        def interrupt(device: object = None) -> None:
            raise KeyboardInterrupt

        torch = fake_torch([], synchronize=interrupt)
        window = wattfor.measure("step")
        run = wattfor.track("digits", db=self.folder / "wattfor.db")
        with self.assertRaises(KeyboardInterrupt), run, window:
            run.mark_step()
            sys.modules["torch"] = torch
            self.addCleanup(sys.modules.pop, "torch", None)
        del sys.modules["torch"]
        self.assertTrue(window.energy.is_final)
        self.assertFalse(run.is_open)
        self.assertTrue(run.energy.is_final)

    def test_imports_no_framework(self):
        ended = run_python(
            """
            import sys
            import wattfor
            with wattfor.measure():
                pass
            print({"torch", "jax", "tensorflow", "cupy"} & set(sys.modules))
            """
        )
        self.assertEqual(ended.stdout, "set()\n")


if __name__ == "__main__":
    unittest.main()
