"""What `wattfor serve` answers in a second, how long an answer takes beside many streams of events,
and the memory that it takes, with the published study's data."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from figures.program import answer_of
from figures.row import Row

STREAMS = 300
SMALL = "/api/v1/catalogue"
OTHERS = ("/api/v1/models", "/api/v1/rank?setup=A100_PT", "/api/v1/findings", "/api/v1/training")


def resident_mb(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def get(port: int, target: str) -> None:
    """Reads one answer whole, over a connection of its own."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        host = f"127.0.0.1:{port}"
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        while connection.recv(1 << 20):
            pass


def streams(port: int) -> list[socket.socket]:
    opened = []
    for _ in range(STREAMS):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        connection.recv(4096)
        opened.append(connection)
    return opened


def measure(options) -> tuple[list[Row], dict]:
    if not options.study.is_dir():
        print(f"server is left out: no study in {options.study} (--study)", file=sys.stderr)
        return [], {}
    load = options.folder / "server_load"
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "study.db"
        command = [options.program, "import", "study", options.study, "--db", store]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        command = [options.program, "serve", "--port", "0", "--json", "--db", store]
        # All of the server's threads on one core, which they inherit, and the client on another where
        # there are two.
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[:1])
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                os.sched_setaffinity(0, cores[-1:])
                port = json.loads(server.stdout.readline())["port"]
                get(port, SMALL)
                small = answer_of(load, port, SMALL, 8, 3)
                for target in OTHERS:
                    get(port, target)
                opened = streams(port)
                beside = answer_of(load, port, SMALL, 1, 3)
                memory = resident_mb(server.pid)
                for connection in opened:
                    connection.close()
            finally:
                os.sched_setaffinity(0, cores)
                server.terminate()
    return [
        Row("small answers of wattfor serve", f"{small['per_second']:.0f} a second",
            "≥ 20000 a second", f"one core, 8 connections; 99 % within {small['p99_ms']:.2f} ms",
            small["per_second"] >= 20000),
        Row(f"one of them beside {STREAMS} streams", f"{beside['p99_ms']:.2f} ms", "≤ 10 ms",
            f"99 % of {beside['requests']}; the median {beside['median_ms']:.3f} ms, the longest "
            f"{beside['greatest_ms']:.1f} ms", beside["p99_ms"] <= 10),
        Row("memory of wattfor serve", f"{memory:.0f} MB", "≤ 100 MB",
            "resident, with the published study, its findings and the streams", memory <= 100),
    ], {"small": small, "beside_streams": beside, "resident_mb": memory}  # fmt: skip
