"""`wattfor run -- sleep 1` on captured machines: what it totals is what a hand calculation says."""

import json
import os
import unittest

from machine import MACHINES, Machine
from program import ProgramTest


class Machines(ProgramTest):
    def record(self, name: str) -> dict:
        """The record of `sleep 1` on that machine, its counters counting on meanwhile."""
        machine = Machine(name, self.home / name)
        self.env |= {
            "WATTFOR_SYSFS": str(machine.folder / "sys"),
            "WATTFOR_PROCFS": str(machine.folder / "proc"),
        }
        if machine.nvml:
            self.env["WATTFOR_NVML"] = os.environ["WATTFOR_FAKE_NVML"]
            self.env["FAKE_NVML_FILE"] = str(MACHINES / f"{machine.nvml}.nvml.json")
        file = self.home / "record.json"
        with machine:
            self.wattfor("run", "--interval-ms", "20", "--json", file, "--", "sleep", "1")
        return json.loads(file.read_text())

    def components(self, record: dict) -> dict[str, dict]:
        return {component["name"]: component for component in record["energy"]["components"]}

    def claim_watts(self, record: dict, watts: dict[str, float]) -> None:
        """Each component's energy is its power times the duration: within its interval and 2 %."""
        duration = record["energy"]["duration_s"]
        self.assertGreater(duration, 1.0)
        components = self.components(record)
        for name, power in watts.items():
            component = components[name]
            self.assertEqual(component["basis"], "measured")
            joules = power * duration
            self.assertAlmostEqual(component["energy_j"] / joules, 1.0, delta=0.02, msg=name)
            self.assertLessEqual(component["energy_low_j"], joules, name)
            self.assertGreaterEqual(component["energy_high_j"], joules, name)

    def claim_total(self, record: dict, *names: str) -> None:
        """The total sums these components and no other."""
        components = self.components(record)
        in_total = {name for name, component in components.items() if component["in_total"]}
        self.assertEqual(in_total, set(names))
        joules = sum(components[name]["energy_j"] for name in names)
        self.assertAlmostEqual(record["energy"]["total"]["energy_j"], joules, places=6)

    def test_two_sockets_are_both_packages_and_both_memories(self):
        record = self.record("two-socket-xeon")
        self.claim_watts(record, {"cpu package 0": 120, "cpu package 1": 95, "dram 0": 12, "dram 1": 10})
        self.claim_total(record, "cpu package 0", "cpu package 1", "dram 0", "dram 1")

    def test_a_laptop_is_its_package_and_neither_psys_nor_the_battery(self):
        record = self.record("laptop-psys")
        self.claim_watts(record, {"cpu package 0": 18, "platform 0": 26, "battery 0": 31.415})
        self.claim_total(record, "cpu package 0", "dram 0")
        self.assertEqual(self.components(record)["dram 0"]["basis"], "modelled")

    def test_a_zen_is_its_package(self):
        record = self.record("amd-zen")
        self.claim_watts(record, {"cpu package 0": 65})
        self.assertNotIn("cpu cores 0", self.components(record))
        self.claim_total(record, "cpu package 0", "dram 0")

    def test_a_jetson_is_its_module(self):
        record = self.record("jetson-orin-nano")
        self.claim_watts(record, {"module 0": 5.080 * 1.456, "VDD_SOC": 5.072 * 0.296})
        self.claim_total(record, "module 0")

    def test_a_grace_hopper_is_its_cpu_socket_and_its_gpu(self):
        record = self.record("grace-hopper")
        self.claim_watts(record, {"cpu package 0": 132, "module 0": 487})
        gpu = self.components(record)["gpu 0"]  # its counter moves every 100 ms
        self.assertLessEqual(gpu["energy_low_j"], 341 * record["energy"]["duration_s"])
        self.assertGreaterEqual(gpu["energy_high_j"], 341 * record["energy"]["duration_s"])
        self.claim_total(record, "cpu package 0", "gpu 0")

    def test_an_amd_desktop_is_its_processor_and_its_card(self):
        record = self.record("amdgpu-desktop")
        self.claim_watts(record, {"cpu package 0": 48, "gpu 0": 213})
        self.claim_total(record, "cpu package 0", "dram 0", "gpu 0")

    def test_an_intel_card_is_counted_once_and_an_unreadable_package_modelled(self):
        record = self.record("intel-arc")
        self.claim_watts(record, {"gpu 0": 92})
        self.claim_total(record, "cpu package 0", "dram 0", "gpu 0")
        self.assertEqual(self.components(record)["cpu package 0"]["basis"], "modelled")

    def test_a_virtual_machine_is_modelled_and_says_so(self):
        record = self.record("virtual-machine")
        self.assertEqual(record["energy"]["total"]["basis"], "modelled")
        self.claim_total(record, "cpu package 0", "dram 0")


if __name__ == "__main__":
    unittest.main()
