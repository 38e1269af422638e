"""A sweep that is killed at any moment damages nothing and repeats nothing."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import unittest

from program import ProgramTest

KILLS = 100
BATCH_SIZES = ",".join(str(size) for size in range(1, 41))
MODELS = 4


class Kill(ProgramTest):
    def sweep(self):
        """A long sweep of quick cells by the fake worker."""
        return (
            "sweep", *self.models, "--worker", "fake", "--batch-sizes", BATCH_SIZES,
            "--idle-seconds", "0", "--max-seconds", "0.02", "--replicates", "2",
        )  # fmt: skip

    def test_a_sweep_killed_100_times_ends_with_each_cell_once(self):
        self.models = [self.home / f"model-{n}.onnx" for n in range(MODELS)]
        for n, model in enumerate(self.models):
            model.write_text(f"fake {n}")
        random.seed(20260101)
        kept = set()
        for _ in range(KILLS):
            with self.start(*self.sweep(), start_new_session=True, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=False) as process:  # fmt: skip
                # A random moment, counted in what the sweep says and not in seconds: an amount of
                # its output, then a random number of turns of this loop.
                for _ in range(random.randrange(12)):
                    if not os.read(process.stderr.fileno(), random.randrange(1, 200)):
                        break
                for _ in range(random.randrange(20000)):
                    pass
                process.send_signal(signal.SIGKILL)
            ids = self.ids()
            self.assertLessEqual(kept, ids, "a finished record was lost")
            kept = ids
            with sqlite3.connect(self.db) as store:
                self.assertEqual(store.execute("PRAGMA integrity_check").fetchone()[0], "ok")
        self.wattfor(*self.sweep(), timeout=300)
        records = self.records()
        cells = [(r["cell"]["model"]["name"], r["cell"]["batch_size"]) for r in records]
        self.assertEqual(len(cells), MODELS * 40)
        self.assertEqual(len(set(cells)), len(cells), "a finished cell was measured again")
        self.assertEqual({record["outcome"] for record in records}, {"done"})
        before = self.ids()
        again = json.loads(self.wattfor(*self.sweep(), "--json").stdout)
        self.assertEqual(again["summary"]["already_there"], MODELS * 40)
        self.assertEqual(self.ids(), before)

    def ids(self) -> set[str]:
        if not self.db.exists():
            return set()
        with sqlite3.connect(self.db) as store:
            try:
                return {row[0] for row in store.execute("SELECT id FROM measurement")}
            except sqlite3.OperationalError:  # killed before the first migration
                return set()


if __name__ == "__main__":
    unittest.main()
