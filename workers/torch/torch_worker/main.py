"""The worker as a process."""

from __future__ import annotations

import os
import signal

from .backend import Backend
from .channel import Channel
from .server import serve


def main(refusal: str = "") -> int:
    """Serves on the standard streams; the exit status. What libraries print goes to stderr, the log: its
    stdout is kept for the protocol."""
    channel = Channel(os.dup(0), os.dup(1))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    # A terminal or a scheduler signals a whole job; a worker ends when its input does, or is killed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        serve(Backend(refusal), channel)
    except (BrokenPipeError, ConnectionError):
        return 1  # wattfor no longer reads
    return 0
