"""`wattfor run`: the command is untouched by being measured, and its record is never lost."""

import csv
import json
import os
import pty
import signal
import subprocess
import unittest

from program import PROGRAM, ProgramTest

QUICK = ("--idle-seconds", "0")


class PassThrough(ProgramTest):
    def test_the_commands_streams_pass_untouched(self):
        script = 'read line; echo "out:$line"; echo "err:$line" >&2'
        answer = self.wattfor("run", *QUICK, "--", "sh", "-c", script, stdin="hello\n")
        self.assertEqual(answer.stdout, "out:hello\n")
        self.assertIn("err:hello\n", answer.stderr)

    def test_binary_output_passes_to_the_last_byte(self):
        data = bytes(range(256)) * 1000
        (self.home / "data").write_bytes(data)
        answer = self.wattfor(
            "run", *QUICK, "--", "cat", self.home / "data", text=False, errors=None
        )
        self.assertEqual(answer.stdout, data)

    def test_the_commands_status_is_the_status(self):
        for status in (0, 1, 3, 42, 125, 255):
            self.wattfor("run", *QUICK, "--", "sh", "-c", f"exit {status}", status=status)

    def test_a_program_that_is_not_there_is_127_and_one_that_cannot_run_126(self):
        answer = self.wattfor("run", *QUICK, "--", "no-such-program", status=127)
        self.assertIn("no-such-program", answer.stderr)
        (self.home / "plain").write_text("text")
        answer = self.wattfor("run", *QUICK, "--", self.home / "plain", status=126)
        self.assertIn("plain", answer.stderr)

    def test_a_signal_that_kills_the_command_is_raised_again(self):
        for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGUSR1):
            self.wattfor("run", *QUICK, "--", "sh", "-c", f"kill -{number} $$", status=-number)
        self.assertEqual(
            [record["command"]["exit_status"] for record in self.records()],
            [128 + signal.SIGTERM, 128 + signal.SIGKILL, 128 + signal.SIGUSR1],
        )

    def test_words_after_the_separator_belong_to_the_command_to_the_letter(self):
        words = ["--", "--help", "-x", "two words", "", "ünïcode", "new\nline", "'\""]
        answer = self.wattfor("run", *QUICK, "--", "printf", "[%s]", *words)
        # printf itself takes the first "--" of its own words for the format's end.
        self.assertEqual(answer.stdout, "".join(f"[{word}]" for word in words))
        self.assertEqual(self.records()[0]["command"]["arguments"][2:], words)

    def test_the_environment_and_the_working_folder_are_the_callers(self):
        answer = self.wattfor(
            "run", *QUICK, "--", "sh", "-c", 'echo "$MARK"; pwd', env={"MARK": "x"}, cwd=self.home
        )
        self.assertEqual(answer.stdout, f"x\n{self.home.resolve()}\n")


class Signals(ProgramTest):
    def test_a_signal_sent_to_wattfor_reaches_the_command_and_the_record_is_written(self):
        script = 'trap "echo caught; exit 7" TERM; echo ready; while :; do sleep 0.05; done'
        with self.start("run", *QUICK, "--", "sh", "-c", script) as process:
            self.assertEqual(process.stdout.readline(), "ready\n")
            process.send_signal(signal.SIGTERM)
            stdout, stderr = process.communicate(timeout=60)
        self.assertEqual((process.returncode, stdout), (7, "caught\n"), stderr)
        self.assertEqual(self.records()[0]["command"]["exit_status"], 7)

    def test_a_signal_that_the_caller_ignores_is_ignored(self):
        nohup = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
        script = "echo ready; read line; echo ended"
        with self.start(
            "run", *QUICK, "--", "sh", "-c", script, preexec_fn=nohup, stdin=subprocess.PIPE
        ) as process:
            self.assertEqual(process.stdout.readline(), "ready\n")
            process.send_signal(signal.SIGHUP)
            output, _ = process.communicate("\n", timeout=60)
        self.assertEqual((process.returncode, output), (0, "ended\n"))

    def test_a_timer_of_the_caller_ends_the_command(self):
        script = "import os, signal, sys; signal.alarm(1); os.execv(sys.argv[1], sys.argv[1:])"
        command = [PROGRAM, "run", *QUICK, "--", "sleep", "60"]
        with subprocess.Popen(
            ["python3", "-c", script, *command], env=self.env, stderr=subprocess.PIPE
        ) as process:
            process.communicate(timeout=50)
        self.assertEqual(process.returncode, -signal.SIGALRM)
        self.assertEqual(self.records()[0]["outcome"], "done")

    def test_ctrl_c_at_a_terminal_reaches_the_command_once_and_the_record_is_written(self):
        script = 'trap "echo caught; exit 9" INT; echo ready; while :; do sleep 0.05; done'
        controller, terminal = pty.openpty()
        self.addCleanup(os.close, controller)
        process = self.start(
            "run", *QUICK, "--", "sh", "-c", script,
            stdin=terminal, stdout=terminal, stderr=subprocess.PIPE,
            start_new_session=True, preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)),
        )  # fmt: skip
        os.close(terminal)
        seen = b""
        while b"ready" not in seen:
            seen += os.read(controller, 1000)
        os.write(controller, b"\x03")
        process.communicate(timeout=60)
        seen = os.read(controller, 1000)
        self.assertEqual(process.returncode, 9)
        self.assertEqual(seen.count(b"caught"), 1)
        self.assertEqual(len(self.records()), 1)

    def test_the_record_of_a_run_whose_wattfor_was_killed_is_kept_as_interrupted(self):
        script = "echo ready; sleep 60"
        with self.start("run", *QUICK, "--name", "long", "--", "sh", "-c", script) as process:
            process.stdout.readline()
            # The first checkpoint falls due a second after the start; the store tells when it is there.
            while not self.checkpoints():
                pass
            process.kill()
        self.assertEqual(self.checkpoints(), 1)
        self.wattfor("run", *QUICK, "--", "true")
        interrupted, finished = sorted(self.records(), key=lambda record: record["outcome"] == "done")
        self.assertEqual((interrupted["name"], interrupted["outcome"]), ("long", "interrupted"))
        self.assertGreater(interrupted["energy"]["duration_s"], 0.5)
        self.assertIsNone(interrupted["command"]["exit_status"], "it had not ended")
        self.assertEqual(finished["name"], "true")


class Records(ProgramTest):
    def test_without_sensors_the_figure_is_modelled_and_says_so(self):
        answer = self.wattfor("run", *QUICK, "--", "true")
        self.assertIn("modelled", answer.stderr)
        record = self.records()[0]
        self.assertEqual(record["energy"]["total"]["basis"], "modelled")
        for component in record["energy"]["components"]:
            self.assertEqual(component["basis"], "modelled")
            self.assertTrue(component["assumption"])
            # Honest means wide: at least ±50 %.
            self.assertLessEqual(component["energy_low_j"], 0.5 * component["energy_j"])
            self.assertGreaterEqual(component["energy_high_j"], 1.5 * component["energy_j"])

    def test_idle_is_measured_before_the_command_and_net_is_gross_less_idle(self):
        self.wattfor("run", "--idle-seconds", "0.2", "--", "sleep", "0.2")
        for component in self.records()[0]["energy"]["components"]:
            gross, net = component["energy_j"], component["net_energy_j"]
            idle = component["idle_power_w"] * self.records()[0]["energy"]["duration_s"]
            self.assertAlmostEqual(net, gross - idle, places=6)

    def test_idle_seconds_0_switches_net_energy_off(self):
        self.wattfor("run", *QUICK, "--", "true")
        self.assertIsNone(self.records()[0]["energy"]["total"]["net_energy_j"])

    def test_a_counter_that_never_moves_is_missing_and_not_zero_joules(self):
        self.add_rapl_package()
        self.wattfor("run", *QUICK, "--interval-ms", "10", "--", "sleep", "1.2")
        package = self.records()[0]["energy"]["components"][0]
        self.assertEqual((package["basis"], package["energy_j"]), ("missing", None))

    def test_a_counter_that_moves_is_measured(self):
        counter = self.add_rapl_package(energy_uj=1_000_000)
        script = f"for i in 1 2 3 4 5 6 7 8 9 10; do echo ${{i}}500000 > {counter}; sleep 0.02; done"
        self.wattfor("run", *QUICK, "--interval-ms", "5", "--", "sh", "-c", script)
        package = self.records()[0]["energy"]["components"][0]
        self.assertEqual(package["basis"], "measured")
        # From 1 J to 10.5 J.
        self.assertLessEqual(package["energy_low_j"], 9.5)
        self.assertGreaterEqual(package["energy_high_j"], 9.5)
        self.assertGreater(package["energy_j"], 5.0)

    def test_the_json_file_holds_the_stored_record(self):
        self.wattfor("run", *QUICK, "--name", "x", "--json", self.home / "r.json", "--", "true")
        self.assertEqual(json.loads((self.home / "r.json").read_text()), self.records()[0])

    def test_the_trace_has_a_line_a_sample_under_named_units(self):
        self.wattfor("run", *QUICK, "--trace", self.home / "t.csv", "--", "sleep", "0.3")
        with open(self.home / "t.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertGreaterEqual(len(rows), 4)
        for row in rows:
            filled = [key for key in ("energy_j", "power_w", "failure") if row[key]]
            self.assertEqual(len(filled), 1, row)

    def test_a_trace_that_cannot_be_written_is_said_before_the_command_runs(self):
        answer = self.wattfor(
            "run", *QUICK, "--trace", "/no/such/folder/t.csv", "--", "touch", self.home / "ran",
            status=1,
        )  # fmt: skip
        self.assertIn("/no/such/folder/t.csv", answer.stderr)
        self.assertFalse((self.home / "ran").exists())

    def test_the_store_is_no_place_for_a_trace_or_the_json(self):
        self.wattfor("run", *QUICK, "--", "true")
        for option in ("--trace", "--json"):
            answer = self.wattfor("run", *QUICK, option, self.db, "--", "true", status=2)
            self.assertIn(str(self.db), answer.stderr)
        self.assertEqual(len(self.records()), 1)

    def test_a_full_disk_under_the_trace_costs_the_trace_only(self):
        trace = ("--interval-ms", "1", "--trace", "/dev/full")
        answer = self.wattfor(
            "run", *QUICK, *trace, "--", "sh", "-c", "sleep 0.3; echo done; exit 4", status=4
        )
        self.assertEqual(answer.stdout, "done\n")
        self.assertIn("the trace /dev/full is incomplete", answer.stderr)
        self.assertEqual(self.records()[0]["outcome"], "done")

    def test_a_summary_that_nobody_takes_costs_neither_status_nor_record(self):
        reader, closed_pipe = os.pipe()
        os.close(reader)
        with open("/dev/full", "w") as full, os.fdopen(closed_pipe, "w") as pipe:
            for stream in (full, pipe):
                self.wattfor("run", *QUICK, "--", "sh", "-c", "exit 3", stderr=stream, status=3)
        self.assertEqual([record["outcome"] for record in self.records()], ["done", "done"])

    def test_a_command_that_cannot_start_ends_a_traced_run_in_order(self):
        trace = ("--interval-ms", "1", "--trace", self.home / "trace.csv")
        for _ in range(20):
            self.wattfor("run", *QUICK, *trace, "--", self.home, status=126)

    def test_a_json_file_that_cannot_be_written_costs_neither_status_nor_record(self):
        answer = self.wattfor(
            "run", *QUICK, "--json", "/no/such/folder/r.json", "--", "sh", "-c", "exit 5", status=5
        )
        self.assertIn("/no/such/folder/r.json", answer.stderr)
        self.assertEqual(len(self.records()), 1)


if __name__ == "__main__":
    unittest.main()
