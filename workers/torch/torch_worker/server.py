"""The conversation: worker protocol 1."""

from __future__ import annotations

import json
import time

from .failures import Failure, failure_of

PROTOCOL = 1
ENTRY_NS = 1_000_000  # entries are at least so far apart: shorter batches are summed
MESSAGE_NS = 100_000_000  # between two messages, and between two looks for `stop`
WARM_UP_NS = 200_000_000  # long enough for caches, threads and clocks


def serve(backend, channel, now=time.monotonic_ns) -> None:
    """Answers requests until `quit` or the end of input."""
    while (line := channel.next()) is not None:
        request = parsed(line)
        if "quit" in request:
            return
        try:
            answer(backend, channel, request, now)
        except Exception as error:
            failure = failure_of(error, "the request")
            channel.send(failed={"kind": failure.kind, "message": str(failure)})


def parsed(line: str) -> dict:
    try:
        request = json.loads(line)
    except ValueError:
        return {}
    return request if isinstance(request, dict) else {}


def answer(backend, channel, request: dict, now) -> None:
    if "hello" in request:
        hello(backend, channel, request["hello"])
    elif "list" in request:
        channel.send(listed={"models": backend.list(request["list"]["models"])})
    elif "load" in request:
        begin = now()
        inputs, settings = backend.load(request["load"])
        channel.send(
            loaded={"inputs": inputs, "seconds": (now() - begin) / 1e9, "settings": settings}
        )
    elif "run" in request:
        run(backend, channel, now, **request["run"])
    elif "stop" not in request:  # one that crossed the end of its run needs no answer
        raise Failure("error", "the request is none of: hello, list, load, run, stop, quit")


def hello(backend, channel, body: dict) -> None:
    spoken = body.get("protocol", PROTOCOL)
    if spoken > PROTOCOL:
        raise Failure(
            "unsupported",
            f"wattfor speaks protocol {spoken}, this worker protocol {PROTOCOL}; use a newer worker",
        )
    channel.send(hello={"protocol": PROTOCOL, **backend.hello()})


def run(
    backend,
    channel,
    now,
    batch: int,
    warm_up: bool = False,
    min_batches: int = 1,
    min_seconds: float = 0.0,
    max_seconds: float = 0.0,
    **_,
) -> None:
    if not backend.loaded:
        raise Failure("error", "there is nothing to run: no model is loaded")
    backend.prepare(batch)
    if warm_up:
        begin = now()
        backend.run_batch()
        while now() - begin < WARM_UP_NS:
            backend.run_batch()
    else:
        measure(backend, channel, now, min_batches, min_seconds, max_seconds)
    memory = backend.memory_bytes()
    channel.send(finished={} if memory is None else {"memory_bytes": memory})


def measure(
    backend, channel, now, min_batches: int, min_seconds: float, max_seconds: float
) -> None:
    started = entry = sent = now()
    channel.send(started={"t_ns": started})
    batches = in_entry = 0
    count: list[int] = []
    end_ns: list[int] = []
    done = False
    while not done:
        backend.run_batch()
        time_ns = now()
        in_entry += 1
        if time_ns - entry < ENTRY_NS:
            continue
        count.append(in_entry)
        end_ns.append(time_ns)
        batches += in_entry
        in_entry, entry = 0, time_ns
        seconds = (time_ns - started) / 1e9
        done = 0 < max_seconds <= seconds or (batches >= min_batches and seconds >= min_seconds)
        if done or time_ns - sent >= MESSAGE_NS:
            channel.send(batches={"count": count, "end_ns": end_ns})
            count, end_ns, sent = [], [], time_ns
            done = done or told_to_stop(channel)


def told_to_stop(channel) -> bool:
    """A stop that has arrived is taken; anything else waits for the run's end."""
    line = channel.peek()
    if line is None or "stop" not in parsed(line):
        return False
    channel.next()
    return True
