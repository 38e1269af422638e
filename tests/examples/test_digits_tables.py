"""The example's tables, as they are read and as they are written."""

import tempfile
import unittest
from pathlib import Path

import digits_example  # noqa: F401  the example's folder is looked in

from result_table import Column, ResultTable


class Tables(unittest.TestCase):
    def setUp(self) -> None:
        columns = [
            Column("model", for_csv="model"),
            Column("used", "{:.1f} J", "energy_j"),
            Column("off by", "{:+.1%}", "error"),
            Column("holds", for_csv="holds"),
        ]
        rows = [("a", 1.26, 0.125, True), ("long", 20.0, None, False)]
        self.table = ResultTable("Title", columns, rows, notes=["A note."])

    def test_markdown_lines_up_and_says_what_is_not_known(self):
        self.assertEqual(
            str(self.table),
            "**Title**\n"
            "\n"
            "| model |   used |  off by | holds |\n"
            "| ----- | -----: | ------: | ----: |\n"
            "| a     |  1.3 J | +12.5 % |   yes |\n"
            "| long  | 20.0 J |       – |    no |\n"
            "\n"
            "A note.",
        )

    def test_csv_has_the_numbers_in_full_and_empty_fields(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.csv"
            self.table.write_csv(path)
            self.assertEqual(
                path.read_text(), "model,energy_j,error,holds\na,1.26,0.125,True\nlong,20.0,,False\n"
            )


if __name__ == "__main__":
    unittest.main()
