"""`wattfor serve` under test: started on a port that is free, ended by its process' id."""

import http.client
import json
import signal
import socket
import subprocess
import time

from known_models import KnownModels

PATIENCE_S = 20  # for a loaded machine; what is awaited mostly comes at once


class Served(KnownModels):
    """The server runs from serve() to the test's end."""

    def serve(self, *words) -> dict:
        """Starts it; what it printed."""
        self.process = self.start("serve", "--port", "0", "--json", *words)
        self.addCleanup(self.end)
        line = self.process.stdout.readline()
        self.assertTrue(line, "the server printed no address")
        printed = json.loads(line)
        self.port = printed["port"]
        self.host = f"127.0.0.1:{self.port}"
        return printed

    def end(self, number: int = signal.SIGTERM) -> int:
        """The status that it ends with."""
        if self.process.poll() is None:
            self.process.send_signal(number)
            try:
                self.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.fail("the server did not end")
            finally:
                self.said = self.process.stderr.read()
                self.process.stdout.close()
                self.process.stderr.close()
        return self.process.returncode

    def ask(self, target: str, method: str = "GET", **headers) -> http.client.HTTPResponse:
        """One request on a connection of its own; `.content` is the body. Headers' underscores are
        dashes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        try:
            sent = {"Host": self.host} | {key.replace("_", "-"): value for key, value in headers.items()}
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            answer.content = answer.read()
            return answer
        finally:
            connection.close()

    def answer(self, target: str, status: int = 200) -> dict:
        answer = self.ask(target)
        self.assertEqual(answer.status, status, (target, answer.content))
        self.assertEqual(answer.headers["Content-Type"], "application/json", target)
        return json.loads(answer.content)

    def socket(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE_S)
        self.addCleanup(connection.close)
        return connection

    def raw(self, request: bytes) -> bytes:
        """All that comes until the server closes."""
        connection = self.socket()
        connection.sendall(request)
        received = b""
        while piece := connection.recv(65536):
            received += piece
        return received

    def listen(self) -> "Events":
        return Events(self)

    def eventually(self, claim, why: str):
        """What `claim` gives, once it gives something."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if given := claim():
                return given
            time.sleep(0.05)
        self.fail(why)


class Events:
    """One stream of events."""

    def __init__(self, test: Served):
        connection = test.socket()
        connection.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {test.host}\r\n\r\n".encode())
        self.file = connection.makefile("rb")
        test.addCleanup(self.file.close)
        self.status = int(self.file.readline().split()[1])
        self.headers = {}
        while (line := self.file.readline().strip()) != b"":
            name, _, value = line.decode().partition(": ")
            self.headers[name] = value

    def next(self, name: str) -> dict:
        """The next event of the name; others are passed over."""
        for _ in range(1000):
            line = self.file.readline()
            if line == b"":
                raise AssertionError("the stream has ended")
            if line == f"event: {name}\n".encode():
                return json.loads(self.file.readline().partition(b": ")[2])
        raise AssertionError(f"no event {name}")
