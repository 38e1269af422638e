"""What docs/python.md shows of the frameworks' trainers, as it is typed there."""

import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import wattfor
from support import PATIENCE_S, TrackingCase

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "docs" / "python.md"


def examples() -> list[str]:
    (section,) = re.findall(r"^## In a framework's trainer$(.*?)^## ", DOCUMENT.read_text(), re.M | re.S)
    return re.findall(r"^```python\n(.*?)^```", section, re.M | re.S)


class DocumentationTest(TrackingCase):
    def test_each_example_runs_and_is_a_run_of_five_epochs(self):
        environment = {
            **os.environ,
            "KERAS_BACKEND": "torch",
            "PYTHONPATH": str(HERE),
            "WATTFOR_DB": str(self.db),
            "WATTFOR_SIMULATE": str(self.board),
        }
        for example in examples():
            with self.subTest(example.split("\n\n")[0]):
                self.db.unlink(missing_ok=True)
                ran = subprocess.run(
                    [sys.executable, "-c", f"import debian_torch\n{example}"],
                    cwd=self.folder,
                    env=environment,
                    capture_output=True,
                    text=True,
                    timeout=PATIENCE_S,
                )
                self.assertEqual(ran.returncode, 0, ran.stderr)
                self.assertNotIn("WattforWarning", ran.stderr)
                self.assertIn("90 epochs on all the data take between", ran.stdout)
                (run,) = wattfor.runs(self.db)
                self.assertEqual((run.outcome, run.data_fraction), ("done", 0.01))
                self.assertEqual([epoch.ended for epoch in run.epochs], [True] * 5)

    def test_there_is_one_for_each_framework_and_one_for_a_plain_loop(self):
        for name in ("lightning", "transformers", "keras", "mmengine"):
            self.assertEqual(sum(f"from wattfor.{name} import" in each for each in examples()), 1)
        self.assertEqual(sum("run.each_epoch" in each for each in examples()), 1)


if __name__ == "__main__":
    unittest.main()
