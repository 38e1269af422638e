"""`wattfor mark`, and the socket behind it: epochs, steps, windows and facts of any language."""

import os
import signal
import unittest

from program import PROGRAM, ProgramTest

QUICK = ("--idle-seconds", "0")


class Marks(ProgramTest):
    def run_script(self, script: str, *options, status=0):
        """Runs a shell script under `wattfor run`; `$W` is the program."""
        answer = self.wattfor(
            "run", *QUICK, *options, "--", "sh", "-c", script, env={"W": PROGRAM}, status=status
        )
        return answer, self.records()[-1]

    def test_epochs_windows_steps_and_facts_are_in_the_record(self):
        answer, record = self.run_script(
            "$W mark begin epoch && $W mark step 50 && $W mark end epoch && $W mark epoch 2 && "
            "$W mark begin test set A && $W mark end test set A && "
            "$W mark set accuracy=0.761 model=resnet50",
            "--set", "data_fraction=0.01",
        )  # fmt: skip
        kinds = [(each["kind"], each["epoch"], each["name"]) for each in record["windows"]]
        self.assertEqual(
            kinds,
            [("startup", 0, ""), ("epoch", 1, ""), ("epoch", 2, ""), ("named", 0, "test set A")],
        )
        self.assertTrue(all(each["ended"] for each in record["windows"]))
        self.assertEqual((record["steps"], record["windows"][1]["steps"]), (50, 50))
        training = record["training"]
        self.assertEqual(
            (training["model"], training["data_fraction"], training["accuracy_percent"]),
            ("resnet50", 0.01, 76.1),
        )
        self.assertIn("epochs", answer.stderr)
        self.assertIn("1 % of the data", answer.stderr)

    def test_the_parts_lie_in_the_whole(self):
        _, record = self.run_script("$W mark epoch; $W mark epoch; $W mark epoch")
        whole = record["energy"]["total"]["energy_j"]
        parts = [each["energy_j"] for each in record["windows"]]
        self.assertEqual(len(parts), 3)
        self.assertLessEqual(sum(parts), whole * 1.000001)
        ends = [each["start_s"] + each["duration_s"] for each in record["windows"]]
        starts = [each["start_s"] for each in record["windows"]]
        self.assertEqual(starts[0], 0)
        for end, start in zip(ends, starts[1:]):
            self.assertAlmostEqual(end, start, places=9)

    def test_one_line_to_the_socket_is_enough(self):
        script = (
            'import os, socket; s = socket.socket(socket.AF_UNIX); s.connect(os.environ["WATTFOR_MARKS"]);'
            ' s.sendall(b"epoch\\n"); print(s.recv(100).decode(), end="")'
        )
        answer = self.wattfor("run", *QUICK, "--", "python3", "-c", script)
        self.assertEqual(answer.stdout, "ok\n")
        self.assertEqual([each["kind"] for each in self.records()[0]["windows"]], ["epoch"])

    def test_what_is_wrong_is_said_and_costs_nothing(self):
        answer, record = self.run_script(
            "$W mark end nothing; echo $?; $W mark nonsense; echo $?; "
            "$W mark set accuracy=76.1; echo $?; $W mark end epoch; echo $?; $W mark epoch"
        )
        self.assertEqual(answer.stdout.split(), ["1", "2", "2", "1"])
        self.assertIn("no window 'nothing' is open", answer.stderr)
        self.assertIn("'nonsense' is no mark", answer.stderr)
        self.assertIn("accuracy_percent", answer.stderr)
        self.assertEqual(len(record["windows"]), 1)

    def test_an_epoch_that_never_ends_is_said_to_be_so(self):
        _, record = self.run_script("$W mark begin epoch; $W mark begin epoch")
        epochs = [each for each in record["windows"] if each["kind"] == "epoch"]
        self.assertEqual([each["ended"] for each in epochs], [False, False])
        self.assertIn("epoch 1 was never ended", "".join(record["warnings"]))

    def test_a_mark_outside_of_a_run_succeeds_and_says_that_nothing_is_marked(self):
        answer = self.wattfor("mark", "epoch", "3")
        self.assertIn("nothing is marked", answer.stderr)
        self.wattfor("mark", "nonsense", status=2)
        self.wattfor("mark", status=2)

    def test_a_run_that_is_over_is_said_to_be(self):
        answer = self.wattfor("mark", "epoch", env={"WATTFOR_MARKS": "/nonexistent/x"})
        self.assertIn("is over (/nonexistent/x)", answer.stderr)

    def test_a_program_that_outlives_the_command_and_goes_on_marking_does_not_hold_it_up(self):
        endless = (
            "import os, socket\n"
            "s = socket.socket(socket.AF_UNIX)\n"
            's.connect(os.environ["WATTFOR_MARKS"])\n'
            "s.settimeout(60)\n"
            "try:\n"
            '    while True: s.sendall(b"step\\n" * 100)\n'
            "except OSError: pass\n"
        )
        script = f"python3 -c '{endless}' >/dev/null 2>&1 & sleep 0.3; exit 3"
        answer, record = self.run_script(script, status=3)
        self.assertGreater(record["steps"], 0)
        self.assertLess(record["energy"]["duration_s"], 30)

    def test_an_epoch_that_is_open_at_the_end_costs_neither_record_nor_status(self):
        _, record = self.run_script("$W mark begin epoch; $W mark begin load; exit 5", status=5)
        self.assertEqual([each["ended"] for each in record["windows"][-2:]], [False, False])
        self.assertEqual(record["command"]["exit_status"], 5)

    def test_a_mark_is_one_line(self):
        self.run_script("$W mark begin 'a\nepoch 7'; test $? = 2 && $W mark epoch 1000000000000001; test $? = 2")
        self.assertEqual(self.records()[0]["windows"], [])

    def test_the_socket_goes_with_the_run(self):
        answer = self.wattfor("run", *QUICK, "--", "sh", "-c", "echo $WATTFOR_MARKS")
        self.assertTrue(answer.stdout.strip())
        self.assertFalse(os.path.exists(os.path.dirname(answer.stdout.strip())))

    def test_facts_that_cannot_be_are_refused_before_the_command_starts(self):
        for fact in ("data_fraction=0", "data_fraction=1.5", "epochs_total=-1", "accuracy=76", "x=1"):
            answer = self.wattfor(
                "run", *QUICK, "--set", fact, "--", "sh", "-c", "echo started", status=1
            )
            self.assertEqual(answer.stdout, "")
            self.assertIn(fact.split("=")[0], answer.stderr)

    def test_a_killed_run_keeps_its_epochs(self):
        script = "$W mark epoch; $W mark epoch; echo ready; exec sleep 60"
        with self.start("run", *QUICK, "--", "sh", "-c", script, env={"W": PROGRAM}) as process:
            self.assertEqual(process.stdout.readline(), "ready\n")
            for _ in range(2):  # the second one begins after the marks
                self.await_checkpoint()
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
        self.wattfor("run", *QUICK, "--", "true")  # whoever opens the store next finds it
        record = next(each for each in self.records() if each["outcome"] == "interrupted")
        self.assertEqual([each["kind"] for each in record["windows"]], ["epoch", "epoch"])
        self.assertTrue(all(each["ended"] for each in record["windows"]))

    def test_a_program_that_floods_the_socket_costs_the_others_nothing(self):
        script = (
            "import os, socket\n"
            'path = os.environ["WATTFOR_MARKS"]\n'
            "flood = socket.socket(socket.AF_UNIX); flood.connect(path)\n"
            "try:\n"
            '    while True: flood.sendall(b"x" * 65536)\n'
            "except OSError: pass\n"
            "good = socket.socket(socket.AF_UNIX); good.connect(path)\n"
            'good.sendall(b"epoch\\n"); print(good.recv(100).decode(), end="")'
        )
        answer = self.wattfor("run", *QUICK, "--", "python3", "-c", script)
        self.assertEqual(answer.stdout, "ok\n")


if __name__ == "__main__":
    unittest.main()
