"""`wattfor top` on a terminal, in a pipe and as JSON."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time
import unittest

from program import PROGRAM, ProgramTest

LIMIT_S = 60
ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"
BEGIN, END = b"\x1b[?2026h", b"\x1b[?2026l"


class Terminal:
    """A pseudo-terminal with a program on it; every wait is bounded."""

    def __init__(self, test, command, env, columns=80, lines=24):
        self.test = test
        self.master, self.slave = pty.openpty()
        self.resize(columns, lines)
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""
        self.process = subprocess.Popen(
            command,
            env=env,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        test.addCleanup(self.close)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)

    def resize(self, columns, lines):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def type(self, keys: bytes):
        os.write(self.master, keys)

    def read_until(self, wanted) -> bytes:
        """Reads on until `wanted`, bytes or a predicate of all that was seen, holds."""
        holds = wanted if callable(wanted) else lambda seen: wanted in seen
        deadline = time.monotonic() + LIMIT_S
        while not holds(self.seen):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                self.test.fail(f"the terminal never showed {wanted}: {self.seen[-3000:]!r}")
            self.seen += os.read(self.master, 65536)
        return self.seen

    def forget(self):
        self.seen = b""

    def ended(self) -> int:
        """The exit status; reads meanwhile, as a full terminal would hold the program up."""
        deadline = time.monotonic() + LIMIT_S
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                self.test.fail(f"the program did not end: {self.seen[-3000:]!r}")
            if select.select([self.master], [], [], 0.05)[0]:
                self.seen += os.read(self.master, 65536)
        while select.select([self.master], [], [], 0)[0]:
            self.seen += os.read(self.master, 65536)
        return self.process.returncode


def pictures(seen: bytes) -> list[list[str]]:
    """The lines of each picture that was drawn whole."""
    drawn = []
    for part in seen.split(BEGIN)[1:]:
        if END in part:
            text = part.split(END)[0].decode()
            for code in ("\x1b[H", "\x1b[J", "\x1b[2K", "\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[33m"):
                text = text.replace(code, "")
            drawn.append(text.replace("\r", "").split("\n"))
    return drawn


def power_of(component: str):
    """A predicate: the latest picture has a power for this component."""

    def holds(seen):
        drawn = pictures(seen)
        rows = [line for line in drawn[-1] if line.startswith(component)] if drawn else []
        return any(" W" in row for row in rows)

    return holds


class Top(ProgramTest):
    def setUp(self):
        super().setUp()
        self.env |= {"TERM": "xterm-256color", "NO_COLOR": "1"}

    def run_counter(self, counter, uj_a_second=50_000_000):
        """Lets a counter rise until the test ends; it says no number once the answer is set."""
        over = threading.Event()
        breaks = threading.Event()

        def rise():
            start = time.monotonic()
            with open(counter, "r+b", buffering=0) as file:
                while not over.wait(0.01):
                    energy = 1_000_000 + (time.monotonic() - start) * uj_a_second
                    text = "garbage" if breaks.is_set() else f"{int(energy)}\n"
                    os.pwrite(file.fileno(), text.encode(), 0)

        thread = threading.Thread(target=rise)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(over.set)
        return breaks

    def on_terminal(self, *arguments, env=None, **size) -> Terminal:
        command = [PROGRAM, "top", "--interval", "0.2", *arguments]
        return Terminal(self, command, self.env | (env or {}), **size)

    def assert_given_back(self, terminal):
        self.assertEqual(termios.tcgetattr(terminal.slave), terminal.before)
        self.assertGreater(terminal.seen.rfind(LEAVE), terminal.seen.rfind(ENTER))
        self.assertGreater(terminal.seen.rfind(b"\x1b[?25h"), terminal.seen.rfind(b"\x1b[?25l"))

    def test_shows_a_measured_package_on_80_by_24_and_gives_the_terminal_back(self):
        self.run_counter(self.add_rapl_package())
        terminal = self.on_terminal()
        picture = pictures(terminal.read_until(power_of("cpu package 0  m")))[-1]
        self.assertEqual(len(picture), 24)
        for line in picture:
            self.assertLessEqual(len(line), 80, line)
        self.assertIn("q quit", picture[-1])
        terminal.type(b"q")
        self.assertEqual(terminal.ended(), 0)
        self.assert_given_back(terminal)
        self.assertIn(b"Wh", terminal.seen.split(LEAVE)[-1])

    def test_erases_nothing_behind_a_line_as_the_cursor_stands_on_its_last_letter(self):
        terminal = self.on_terminal()
        picture = terminal.read_until(END).split(BEGIN)[1].split(END)[0]
        orders = re.findall(rb"(.{3})\x1b\[[0-9]*([JK])", picture, re.DOTALL)
        self.assertGreater(len(orders), 20)
        for before, _ in orders:
            self.assertIn(before[-2:], (b"[H", b"\r\n"))

    def test_a_machine_without_sensors_shows_modelled_power(self):
        terminal = self.on_terminal()
        terminal.read_until(power_of("cpu package 0  ~"))

    def test_ctrl_c_ends_it_like_q(self):
        terminal = self.on_terminal()
        terminal.read_until(END)
        terminal.type(b"\x03")
        self.assertEqual(terminal.ended(), 0)
        self.assert_given_back(terminal)

    def test_a_signal_ends_it_as_that_signal_and_gives_the_terminal_back(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGABRT):
            with self.subTest(number):
                terminal = self.on_terminal()
                terminal.read_until(END)
                terminal.process.send_signal(number)
                self.assertEqual(terminal.ended(), -number)
                self.assert_given_back(terminal)

    def test_follows_the_terminal_to_another_size(self):
        terminal = self.on_terminal()
        terminal.read_until(END)
        terminal.resize(100, 30)
        terminal.read_until(lambda seen: pictures(seen) and len(pictures(seen)[-1]) == 30)

    def test_keys_hold_explain_and_change_the_interval(self):
        terminal = self.on_terminal()
        terminal.read_until(b"every 0.2 s")
        terminal.type(b"+")
        terminal.read_until(b"every 0.5 s")
        terminal.type(b"--")
        terminal.read_until(b"every 0.1 s")
        terminal.type(b"p")
        terminal.read_until(b"PAUSED")
        terminal.type(b"?")
        terminal.read_until(b"not divided among the processes")
        terminal.type(b"\x1b[B\x1b[Ar?p")
        terminal.forget()
        terminal.read_until(lambda seen: pictures(seen) and "PAUSED" not in pictures(seen)[-1][0])

    def test_ctrl_z_gives_the_terminal_to_the_shell_and_fg_takes_it_again(self):
        # A shell with job control, so that there is somebody to stop for.
        script = f"set -m; {PROGRAM} top --interval 0.2; echo STOPPED=$?; stty -a; fg; echo ENDED=$?"
        terminal = Terminal(self, ["/bin/sh", "-c", script], self.env)
        terminal.read_until(END)
        terminal.type(b"\x1a")
        at_shell = terminal.read_until(b"echoe").split(b"STOPPED=")
        self.assertIn(LEAVE, at_shell[0])
        self.assertIn(b" icanon", at_shell[1])
        terminal.read_until(lambda seen: seen.count(ENTER) >= 2 and END in seen.split(ENTER)[-1])
        terminal.type(b"q")
        terminal.read_until(b"ENDED=0")
        self.assert_given_back(terminal)

    def test_ends_after_so_many_samples(self):
        terminal = self.on_terminal("--samples", "2")
        self.assertEqual(terminal.ended(), 0)
        self.assert_given_back(terminal)

    def test_a_dumb_terminal_gets_text_without_orders(self):
        terminal = self.on_terminal("--samples", "1", env={"TERM": "dumb"})
        self.assertEqual(terminal.ended(), 0)
        self.assertIn(b"energy", terminal.seen)
        self.assertNotIn(b"\x1b", terminal.seen)

    def test_a_terminal_that_is_not_utf_8_gets_ascii(self):
        terminal = self.on_terminal(env={"LANG": "C"})
        terminal.read_until(power_of("cpu package 0  ~"))
        self.assertTrue(all(byte < 128 for byte in terminal.seen))

    def test_once_prints_one_picture_into_a_pipe(self):
        self.run_counter(self.add_rapl_package())
        text = self.wattfor("top", "--once", "--interval", "0.2").stdout
        self.assertEqual(sum(x.startswith("wattfor top") for x in text.splitlines()), 1)
        self.assertIn("measured", next(x for x in text.splitlines() if x.startswith("cpu package")))
        self.assertNotIn("\x1b", text)

    def test_json_gives_one_object_a_line(self):
        self.run_counter(self.add_rapl_package())
        output = self.wattfor("top", "--json", "--interval", "0.2", "--samples", "2").stdout
        lines = [json.loads(line) for line in output.splitlines()]
        self.assertEqual(len(lines), 2)
        package = next(c for c in lines[1]["components"] if c["name"] == "cpu package 0")
        self.assertEqual((package["basis"], package["in_total"]), ("measured", True))
        self.assertEqual(package["sensors"], ["rapl:package-0"])
        self.assertGreater(package["power_w"], 0)
        self.assertLessEqual(package["energy_low_j"], package["energy_j"])
        self.assertGreaterEqual(lines[1]["elapsed_s"], lines[0]["elapsed_s"])
        self.assertIn("cpu", lines[1]["total"]["scope"])

    def device_program(self, namespace: str) -> dict:
        """What `top` says of a GPU's program 77, while this system's 77 is another one."""
        gpus = self.home / "gpus.json"
        gpus.write_text(json.dumps({"gpus": [{"live": True, "processes": [{"pid": 77}]}]}))
        procfs = self.home / namespace
        (procfs / "77").mkdir(parents=True)
        (procfs / "77" / "cmdline").write_bytes(b"sshd\0")
        (procfs / "self" / "ns").mkdir(parents=True)
        (procfs / "self" / "ns" / "pid").symlink_to(f"pid:[{namespace}]")
        self.env |= {
            "WATTFOR_NVML": os.environ["WATTFOR_FAKE_NVML"],
            "FAKE_NVML_FILE": str(gpus),
            "WATTFOR_PROCFS": str(procfs),
        }
        output = self.wattfor("top", "--json", "--interval", "0.3", "--samples", "4").stdout
        programs = [p for line in output.splitlines() for p in json.loads(line)["processes"]]
        return next(p for p in programs if p["pid"] == 77)

    def test_a_program_outside_a_container_has_no_name_inside_it(self):
        self.assertEqual(self.device_program("4026531836")["command"], "sshd")
        self.assertNotEqual(self.device_program("4026532999")["command"], "sshd")

    def test_a_sensor_that_fails_is_missing_and_not_zero(self):
        breaks = self.run_counter(self.add_rapl_package())
        with self.start("top", "--json", "--interval", "0.2") as process:
            watchdog = threading.Timer(LIMIT_S, process.kill)
            watchdog.start()
            self.addCleanup(watchdog.cancel)
            process.stdout.readline()
            breaks.set()
            silent = None
            for line in process.stdout:
                package = json.loads(line)["components"][0]
                if package["basis"] == "missing":
                    silent = package
                    break
            process.terminate()
        self.assertIsNotNone(silent)
        self.assertIsNone(silent["power_w"])
        self.assertTrue(silent["no_power_because"])

    def test_a_reader_that_has_seen_enough_ends_it_quietly(self):
        with self.start("top", "--json", "--interval", "0.1") as process:
            process.stdout.readline()
            process.stdout.close()
            process.wait(timeout=LIMIT_S)
            self.assertEqual(process.stderr.read(), "")
            self.assertEqual(process.returncode, -signal.SIGPIPE)

    def test_refuses_an_interval_that_is_none(self):
        for interval in ("0", "nan", "-1", "1e9"):
            self.wattfor("top", "--interval", interval, status=2)


if __name__ == "__main__":
    unittest.main()
