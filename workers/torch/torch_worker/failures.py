"""What a request fails for, in the words of the worker protocol."""

from __future__ import annotations


class Failure(Exception):
    """Becomes a `failed` reply. The worker lives on."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind  # "out_of_memory", "unsupported", "unavailable", "error"


def unavailable(message: str) -> Failure:
    """Whatever the model, it could not be loaded: the sweep ends."""
    return Failure("unavailable", message)


def unsupported(message: str) -> Failure:
    return Failure("unsupported", message)


# What PyTorch, its allocators and its libraries say where memory is refused. Types alone don't tell:
# the CPU's allocator and the CUDA libraries raise RuntimeError, and compilers wrap what they catch.
OUT_OF_MEMORY_TYPES = ("OutOfMemoryError", "MemoryError")
OUT_OF_MEMORY_SIGNS = (
    "DefaultCPUAllocator: can't allocate memory",
    "DefaultCPUAllocator: not enough memory",
    "CUDA out of memory",
    "CUDA error: out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "CUDNN_STATUS_ALLOC_FAILED",
    "std::bad_alloc",
    "bad allocation",
    "Cannot allocate memory",
    "could not create a memory object",  # oneDNN, for a tensor's copy in a layout of its own
)
# More elements or bytes than a size can say: the batch is beyond any memory.
BEYOND_ANY_MEMORY = (
    "Storage size calculation overflowed",
    "numel: integer multiplication overflow",
)

UNSUPPORTED_SIGNS = ("not implemented for 'Half'", "not implemented for 'BFloat16'")


def chain(error: BaseException) -> list[BaseException]:
    """The error and those that it was raised from."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def is_out_of_memory(error: BaseException) -> bool:
    for each in chain(error):
        if any(kind.__name__ in OUT_OF_MEMORY_TYPES for kind in type(each).__mro__):
            return True
        text = str(each)
        if any(sign in text for sign in OUT_OF_MEMORY_SIGNS + BEYOND_ANY_MEMORY):
            return True
    return False


def summary(error: BaseException) -> str:
    """The error's type and the first lines of its text: PyTorch's can hold a whole stack of C++."""
    lines = [line for line in str(error).splitlines() if line.strip()][:3]
    text = " ".join(lines)[:600]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def failure_of(error: Exception, doing: str) -> Failure:
    """What an exception of PyTorch, met while `doing`, means for a sweep."""
    if isinstance(error, Failure):
        return error
    message = f"{doing}: {summary(error)}"
    if is_out_of_memory(error):
        return Failure("out_of_memory", message)
    if any(sign in str(error) for sign in UNSUPPORTED_SIGNS):
        return unsupported(message)
    return Failure("error", message)
