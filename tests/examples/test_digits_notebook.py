"""The notebook's code runs as it stands, without Jupyter."""

import contextlib
import io
import json
import os
import unittest
import warnings

from digits_example import EXAMPLE, ExampleCase

import wattfor

# What stands in for the cell that is tagged "parameters".
SMALL = """
plan = Plan(models=["digits_mlp_xs"], epochs=3, shares=[0.1, 0.5, 1.0],
            first_epochs=[1, 2], first_shares=[0.02, 0.1])
"""


class Notebook(ExampleCase):
    def setUp(self) -> None:
        super().setUp()
        self.cells = json.loads((EXAMPLE / "digits.ipynb").read_text())["cells"]
        self.code = [cell for cell in self.cells if cell["cell_type"] == "code"]

    def test_its_cells_run_in_their_order(self):
        here = os.getcwd()
        self.addCleanup(os.chdir, here)
        os.chdir(self.folder)
        wattfor.configure(simulate=self.board)
        self.addCleanup(wattfor.configure)
        os.environ["WATTFOR_SIMULATE"] = str(self.board)
        self.addCleanup(os.environ.pop, "WATTFOR_SIMULATE")
        names: dict[str, object] = {"__name__": "__main__"}
        printed = io.StringIO()
        tagged = 0
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("error")
            for cell in self.code:
                exec("".join(cell["source"]), names)  # noqa: S102
                if "parameters" in cell["metadata"].get("tags", []):
                    exec(SMALL, names)  # noqa: S102
                    tagged += 1
        self.assertEqual(tagged, 1)
        self.assertIn("digits_mlp_xs", printed.getvalue())
        self.assertIn("The truth lies in ", printed.getvalue())
        self.assertTrue(names["pictures"][1]._repr_png_().startswith(b"\x89PNG"))
        self.assertIn("| digits_mlp_xs", names["results"].linearities(
            names["plan"], names["runs"])._repr_markdown_())  # fmt: skip

    def test_it_was_executed_from_top_to_bottom_without_an_error(self):
        self.assertEqual(
            [cell["execution_count"] for cell in self.code], list(range(1, len(self.code) + 1))
        )
        kinds = [output["output_type"] for cell in self.code for output in cell["outputs"]]
        self.assertNotIn("error", kinds)
        shown = [output.get("data", {}) for cell in self.code for output in cell["outputs"]]
        self.assertEqual(sum("image/png" in each for each in shown), 2)


if __name__ == "__main__":
    unittest.main()
