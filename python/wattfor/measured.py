"""A decorator that measures every call of a function."""

from __future__ import annotations

import functools
import inspect
from collections import deque
from collections.abc import Callable
from typing import Any, ParamSpec, Protocol, TypeVar, overload

from .windows import Window

_Parameters = ParamSpec("_Parameters")
_Result = TypeVar("_Result", covariant=True)

_KEPT_WINDOWS = 1000


class MeasuredFunction(Protocol[_Parameters, _Result]):
    """A function each of whose calls is a window.

    The window of a generator lasts from the first value it is asked for to its end, that of a
    coroutine from its first step to its last: what the program does in between is in it.
    """

    windows: deque[Window]  #: of its last 1,000 calls, the oldest first

    def __call__(self, *args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Result: ...
    def __get__(self, instance: object, owner: type | None = None) -> Callable[..., _Result]: ...


def _measured(function: Callable[..., Any], name: str | None, sync: bool) -> Any:
    windows: deque[Window] = deque(maxlen=_KEPT_WINDOWS)
    of_call = name if name is not None else getattr(function, "__qualname__", repr(function))

    def window() -> Window:
        made = Window(of_call, sync=sync)
        windows.append(made)
        return made

    # A function of the same kind, so that it is called, pickled and bound to an object like `function`.
    call = functools.wraps(function)(_call_within(window, function))
    call.windows = windows  # type: ignore[attr-defined]
    return call


def _call_within(window: Callable[[], Window], function: Callable[..., Any]) -> Callable[..., Any]:
    # Of an object that is called, its class says what the call is.
    plain = inspect.isroutine(function) or isinstance(function, functools.partial)
    kind = function if plain else type(function).__call__
    if inspect.isasyncgenfunction(kind):

        async def produce(*args: Any, **kwargs: Any) -> Any:
            with window():
                generator = function(*args, **kwargs)
                step = generator.asend(None)
                try:
                    while True:
                        try:
                            value = await step
                        except StopAsyncIteration:
                            return
                        try:
                            sent = yield value
                        except GeneratorExit:
                            raise
                        except BaseException as error:
                            step = generator.athrow(error)
                        else:
                            step = generator.asend(sent)
                finally:
                    await generator.aclose()

        return produce
    if inspect.iscoroutinefunction(kind):

        async def wait(*args: Any, **kwargs: Any) -> Any:
            with window():
                return await function(*args, **kwargs)

        return wait
    if inspect.isgeneratorfunction(kind):

        def generate(*args: Any, **kwargs: Any) -> Any:
            with window():
                return (yield from function(*args, **kwargs))

        return generate

    def call(*args: Any, **kwargs: Any) -> Any:
        with window():
            return function(*args, **kwargs)

    return call


@overload
def measured(
    function: Callable[_Parameters, _Result], /
) -> MeasuredFunction[_Parameters, _Result]: ...
@overload
def measured(
    name: str | None = None, /, *, sync: bool = True
) -> Callable[[Callable[_Parameters, _Result]], MeasuredFunction[_Parameters, _Result]]: ...
def measured(function: Any = None, /, *, sync: bool = True) -> Any:
    """Measures every call of a function, bare or with arguments:

        @wattfor.measured
        def train_one_epoch(): ...

        @wattfor.measured("epoch", sync=False)
        def train_one_epoch(): ...

        print(train_one_epoch.windows[-1].energy)

    The window's name is the function's unless one is given; `sync` is that of `measure()`. Functions,
    methods, generators, coroutines and asynchronous generators stay what they are.
    """
    if function is not None and not isinstance(function, str):
        return _wrapped(function, None, sync)
    return lambda wrapped: _wrapped(wrapped, function, sync)


def _wrapped(function: Any, name: str | None, sync: bool) -> Any:
    if isinstance(function, staticmethod):
        return staticmethod(_measured(function.__func__, name, sync))
    if not callable(function):
        raise TypeError(f"measured() takes a function or a name, not {type(function).__name__}")
    return _measured(function, name, sync)
