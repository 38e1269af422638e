"""Lines of JSON between wattfor and the worker, over two file descriptors."""

from __future__ import annotations

import json
import os
import select

LONGEST_LINE = 1 << 20  # bytes


class Channel:
    def __init__(self, input_fd: int, output_fd: int) -> None:
        self._input_fd, self._output_fd = input_fd, output_fd
        self._bytes = b""
        self._open = True

    def send(self, **message) -> None:
        data = (json.dumps(message) + "\n").encode()
        while data:
            data = data[os.write(self._output_fd, data) :]

    def next(self) -> str | None:
        """Waits for the next line; nothing at the end of input."""
        while b"\n" not in self._bytes and self._open:
            self._receive()
        if b"\n" not in self._bytes:
            return None
        line, self._bytes = self._bytes.split(b"\n", 1)
        return line.decode(errors="replace")

    def peek(self) -> str | None:
        """The next line if it has arrived, without taking it."""
        if self._open and select.select([self._input_fd], [], [], 0)[0]:
            self._receive()
        if b"\n" not in self._bytes:
            return None
        return self._bytes.split(b"\n", 1)[0].decode(errors="replace")

    def _receive(self) -> None:
        piece = os.read(self._input_fd, 1 << 16)
        self._bytes += piece
        self._open = bool(piece) and len(self._bytes) <= LONGEST_LINE
