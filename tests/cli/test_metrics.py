"""What `wattfor serve` tells Prometheus, read by Prometheus itself (`tools/install browser` unpacks it)."""

import http.client
import json
import signal
import socket
import subprocess
import time
import unittest
from pathlib import Path

from served import Served

UNPACKED = Path(__file__).resolve().parents[2] / ".venv/debian/prometheus/usr/bin"
PATIENCE_S = 120  # Prometheus reads what it has on its disk first; a loaded machine takes its time


@unittest.skipUnless((UNPACKED / "prometheus").exists(), "no Prometheus here: tools/install browser")
class Metrics(Served):
    def setUp(self):
        super().setUp()
        self.serve()
        # Asking is what makes it look at the sensors.
        deadline = time.monotonic() + PATIENCE_S
        while b"wattfor_power_watts{" not in self.ask("/metrics").content:
            self.assertLess(time.monotonic(), deadline, "no power was told")
            time.sleep(0.1)

    def test_promtool_has_nothing_to_say_against_them(self):
        text = self.ask("/metrics").content
        checked = subprocess.run([UNPACKED / "promtool", "check", "metrics"], input=text,
                                 capture_output=True, timeout=PATIENCE_S)  # fmt: skip
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, b"", b""), text)

    def test_a_prometheus_scrapes_them(self):
        with socket.socket() as any_port:
            any_port.bind(("127.0.0.1", 0))
            port = any_port.getsockname()[1]
        config = self.home / "prometheus.yml"
        config.write_text("scrape_configs:\n- job_name: wattfor\n  scrape_interval: 1s\n"
                          f"  static_configs:\n  - targets: ['{self.host}']\n")  # fmt: skip
        scraper = subprocess.Popen(
            [UNPACKED / "prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.home / 'tsdb'}",
             f"--web.listen-address=127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        try:
            found = []
            deadline = time.monotonic() + PATIENCE_S
            while not found and time.monotonic() < deadline:
                found = self.query(port, "wattfor_energy_joules_total")
                time.sleep(0.2)
            self.assertTrue(found, "Prometheus scraped nothing")
            self.assertIn("component", found[0]["metric"])
            self.assertEqual(self.query(port, "wattfor_running_measurements")[0]["value"][1], "0")
        finally:
            scraper.send_signal(signal.SIGTERM)
            scraper.wait(PATIENCE_S)

    @staticmethod
    def query(port: int, expression: str) -> list:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", f"/api/v1/query?query={expression}")
            return json.loads(connection.getresponse().read()).get("data", {}).get("result", [])
        except OSError:
            return []  # it is still starting
        finally:
            connection.close()


if __name__ == "__main__":
    unittest.main()
