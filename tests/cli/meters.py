"""Fakes of external meters: a controller's and a plug's web servers on the loopback, a meter's logger.

Each runs in threads of this process and ends with its `with` block.
"""

import base64
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

POWER_1 = "/redfish/v1/Chassis/1/Power"


class WebServer:
    """Answers GET with what `pages` has for the path: a dict as JSON, bytes as they are, a status.

    `before_answer` is called with the path first; while `silent` is set nothing is answered at all.
    """

    def __init__(self, pages: dict, user: str = "", password: str = "", tls: tuple = ()):
        self.pages = pages
        self.asked: list[str] = []
        self.credentials: list[str] = []
        self.silent = threading.Event()
        self._ended = threading.Event()
        wanted = ""
        if user:
            wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                fake.asked.append(self.path)
                said = self.headers.get("Authorization", "")
                fake.credentials.append(said)
                while fake.silent.is_set() and not fake._ended.wait(0.02):
                    pass
                page = fake.pages.get(self.path, 404)
                if wanted and said != wanted:
                    page = 401
                page = page() if callable(page) else page
                status = page if isinstance(page, int) else 200
                body = page if isinstance(page, bytes) else b""
                if isinstance(page, dict):
                    body = json.dumps(page).encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True  # who asked has left

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._server.handle_error = lambda *_: None  # a handshake that was broken off
        scheme = "https" if tls else "http"
        self.address = f"{scheme}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> "WebServer":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def redfish_pages(watts=350.0) -> dict:
    """A server's controller (Redfish 1.6 and earlier): one chassis of two tells its power."""
    return {
        "/redfish/v1/Chassis": {
            "Members": [
                {"@odata.id": "/redfish/v1/Chassis/1"},
                {"@odata.id": "/redfish/v1/Chassis/Fan"},
            ],
            "Members@odata.count": 2,
        },
        "/redfish/v1/Chassis/1": {"Id": "1", "Power": {"@odata.id": POWER_1}},
        "/redfish/v1/Chassis/Fan": {"Id": "Fan"},
        POWER_1: {
            "@odata.type": "#Power.v1_5_3.Power",
            "PowerControl": [{"MemberId": "0", "PowerConsumedWatts": watts}],
        },
    }


class Logger:
    """A meter's logger: adds a row of what `row(elapsed seconds)` says every `period` seconds.

    The first two rows are there at once, the first as if logged a period ago.
    """

    def __init__(self, path: Path, columns: str, row, period=0.05):
        self.path = path
        self.row = row
        self.period = period
        self.start = time.time()
        self.paused = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        path.write_text(f"time_us,{columns}\n")
        self.log(self.start - period)
        self.log(self.start)

    def log(self, now: float) -> None:
        """One write a row, so that no reader sees half of it."""
        row = f"{round(now * 1e6)},{self.row(now - self.start)}\n"
        with open(self.path, "ab", buffering=0) as file:
            file.write(row.encode())

    def _run(self) -> None:
        while not self._stop.wait(self.period):
            if not self.paused.is_set():
                self.log(time.time())

    def __enter__(self) -> "Logger":
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        self._thread.join()
