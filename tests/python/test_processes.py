"""Forks, spawns, exits and signals: nothing hangs, and nobody measures for another."""

import unittest

from support import SimulatedCase


class ForkTest(SimulatedCase):
    def test_a_window_that_was_open_is_the_parents(self):
        ended = self.run_python(
            """
            import os, sys, warnings
            import wattfor
            warnings.simplefilter("always")
            window = wattfor.measure("step").begin()
            child = os.fork()
            window.end()
            if child == 0:
                print("child", window.energy.basis, window.energy.why_missing, flush=True)
                sys.exit(3)
            _, status = os.waitpid(child, 0)
            print("parent", window.energy.basis, os.waitstatus_to_exitcode(status))
            """
        )
        self.assertEqual(
            ended.stdout,
            "child missing what was measured when this process was forked is its parent's to measure; "
            "the child's copy has no energy\nparent simulated 3\n",
        )
        self.assertEqual(ended.stderr.count("WattforWarning"), 1)
        self.assertEqual(ended.returncode, 0)

    def test_a_child_measures_its_own_windows(self):
        ended = self.run_python(
            """
            import os
            import wattfor
            with wattfor.measure() as window:
                child = os.fork()
                if child == 0:
                    with wattfor.measure() as own:
                        while own.duration_s < 0.05:
                            pass
                    print("child", own.energy.basis, flush=True)
                    os._exit(0)
                os.waitpid(child, 0)
            print("parent", window.energy.basis)
            """
        )
        self.assertEqual(ended.stdout, "child simulated\nparent simulated\n")
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))

    def test_many_forks_while_threads_measure_hang_nowhere(self):
        ended = self.run_python(
            """
            import os, threading
            import wattfor
            done = threading.Event()

            def measure():
                while not done.is_set():
                    with wattfor.measure(sync=False) as window:
                        pass
                    window.energy

            threads = [threading.Thread(target=measure) for _ in range(2)]
            for thread in threads:
                thread.start()
            for _ in range(20):
                child = os.fork()
                if child == 0:
                    with wattfor.measure():
                        pass
                    os._exit(0)
                os.waitpid(child, 0)
            done.set()
            for thread in threads:
                thread.join()
            print("all came back")
            """
        )
        self.assertEqual((ended.stdout, ended.stderr), ("all came back\n", ""))

    def test_workers_of_a_data_loader_come_and_go(self):
        # As PyTorch's DataLoader has them: forked within an epoch, fed by queues, ended at its end.
        ended = self.run_python(
            """
            import multiprocessing
            import wattfor
            fork = multiprocessing.get_context("fork")

            def load(indices, batches):
                for index in iter(indices.get, None):
                    batches.put(index * index)

            for epoch in range(2):
                with wattfor.measure() as window:
                    indices, batches = fork.Queue(), fork.Queue()
                    workers = [fork.Process(target=load, args=(indices, batches), daemon=True)
                               for _ in range(3)]
                    for worker in workers:
                        worker.start()
                    for index in range(30):
                        indices.put(index)
                    total = sum(batches.get() for _ in range(30))
                    for _ in workers:
                        indices.put(None)
                    for worker in workers:
                        worker.join()
                print(total, window.energy.basis, [worker.exitcode for worker in workers])
            """
        )
        self.assertEqual(ended.stdout, "8555 simulated [0, 0, 0]\n" * 2)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))

    def test_a_spawned_process_has_a_meter_of_its_own(self):
        script = self.folder / "spawning.py"
        script.write_text(
            """
import multiprocessing
import wattfor

def train(answers):
    with wattfor.measure() as window:
        while window.duration_s < 0.05:
            pass
    answers.put(window.energy.basis)

if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    with wattfor.measure() as window:
        process = spawn.Process(target=train, args=(answers,))
        process.start()
        print(answers.get())
        process.join()
    print(process.exitcode, window.energy.basis)
"""
        )
        ended = self.run_python(f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')")
        self.assertEqual((ended.stdout, ended.stderr), ("simulated\n0 simulated\n", ""))


class ExitTest(SimulatedCase):
    def ends_quietly(self, code: str, status: int = 0) -> str:
        ended = self.run_python(code)
        self.assertEqual((ended.returncode, ended.stderr), (status, ""))
        return ended.stdout

    def test_an_open_window_holds_nobody_up(self):
        self.ends_quietly("import wattfor; window = wattfor.measure().begin()")

    def test_nor_does_one_that_another_thread_has_open(self):
        self.ends_quietly(
            """
            import threading
            import wattfor
            opened, never = threading.Event(), threading.Event()

            def measure():
                with wattfor.measure():
                    opened.set()
                    never.wait()

            threading.Thread(target=measure, daemon=True).start()
            opened.wait()
            """
        )

    def test_sys_exit_within_a_window_keeps_its_status(self):
        self.ends_quietly("import sys, wattfor\nwith wattfor.measure(): sys.exit(7)", status=7)

    def test_a_window_may_be_asked_for_as_the_interpreter_ends(self):
        said = self.ends_quietly(
            """
            import atexit
            window = None
            atexit.register(lambda: print(window.energy.basis))  # before wattfor's own
            import wattfor
            with wattfor.measure() as window:
                while window.duration_s < 0.5:  # the meter ends before it has read what comes after
                    pass
            """
        )
        self.assertEqual(said, "simulated\n")

    def test_an_interrupt_ends_a_window_and_the_program(self):
        ended = self.run_python(
            """
            import os, signal
            import wattfor
            window = wattfor.measure()
            try:
                with window:
                    os.kill(os.getpid(), signal.SIGINT)
                    while True:
                        pass
            finally:
                print(window.is_open)
            """
        )
        self.assertEqual(ended.stdout, "False\n")
        self.assertIn("KeyboardInterrupt", ended.stderr)

    def test_an_exception_within_a_window_is_all_that_is_shown(self):
        ended = self.run_python("import wattfor\nwith wattfor.measure(): 1 / 0")
        self.assertEqual(ended.returncode, 1)
        self.assertTrue(ended.stderr.endswith("ZeroDivisionError: division by zero\n"))


if __name__ == "__main__":
    unittest.main()
