"""What PyTorch raises, told apart: out of memory, not supported, an error."""

import unittest

import worker_source  # noqa: F401
from torch_worker.failures import Failure, failure_of, is_out_of_memory


class OutOfMemoryError(RuntimeError):
    """As torch.cuda's is called; its text is PyTorch's business."""


def kind_of(error: Exception) -> str:
    return failure_of(error, "a batch of 8").kind


class Recognition(unittest.TestCase):
    def test_refused_memory_is_known_by_type(self):
        self.assertEqual(kind_of(OutOfMemoryError("Tried to allocate 2.00 GiB")), "out_of_memory")
        self.assertEqual(kind_of(MemoryError()), "out_of_memory")

    def test_refused_memory_is_known_by_what_allocators_and_libraries_say(self):
        for text in (
            "[enforce fail at alloc_cpu.cpp:75] err == 0. DefaultCPUAllocator: can't allocate memory: "
            "you tried to allocate 3878400000 bytes. Error code 12 (Cannot allocate memory)",
            "[enforce fail at alloc_cpu.cpp:114] DefaultCPUAllocator: not enough memory: you tried",
            "CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 79.15 GiB total capacity)",
            "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported",
            "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
            "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
            "std::bad_alloc",
            "Storage size calculation overflowed with sizes=[2147483647, 1073741824]",
        ):
            self.assertTrue(is_out_of_memory(RuntimeError(text)), text)

    def test_a_compiler_that_wraps_what_it_caught_hides_nothing(self):
        try:
            try:
                raise OutOfMemoryError("Tried to allocate 2.00 GiB")
            except OutOfMemoryError as inner:
                raise RuntimeError("backend='inductor' raised") from inner
        except RuntimeError as wrapped:
            self.assertEqual(kind_of(wrapped), "out_of_memory")

    def test_a_precision_that_an_operator_lacks_is_unsupported(self):
        error = RuntimeError("\"slow_conv2d_cpu\" not implemented for 'Half'")
        self.assertEqual(kind_of(error), "unsupported")

    def test_anything_else_is_an_error_whose_text_is_kept_short(self):
        error = ValueError("expected 3 channels\n\n" + "a frame of C++\n" * 500)
        failure = failure_of(error, "a batch of 8")
        self.assertEqual(failure.kind, "error")
        self.assertTrue(str(failure).startswith("a batch of 8: ValueError: expected 3 channels"))
        self.assertLess(len(str(failure)), 700)

    def test_an_error_that_refers_to_itself_ends(self):
        error = RuntimeError("round")
        other = RuntimeError("and round")
        error.__cause__, other.__cause__ = other, error
        self.assertFalse(is_out_of_memory(error))

    def test_what_is_a_failure_already_stays_it(self):
        failure = Failure("unsupported", "no")
        self.assertIs(failure_of(failure, "loading"), failure)


if __name__ == "__main__":
    unittest.main()
