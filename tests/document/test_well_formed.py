"""The golden figures and the golden page, hostile names in them, are well-formed to other readers."""

import unittest
import xml.etree.ElementTree
from html.parser import HTMLParser
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "document"
VOID = {"meta", "br", "input"}


class Nesting(HTMLParser):
    """Fails where a tag is closed that is not open."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.scripts = [], [], 0

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]
        self.scripts += tag == "script"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> in {self.open} at {self.getpos()}"
        self.open.pop()


class WellFormed(unittest.TestCase):
    def test_each_figure_is_xml(self):
        figures = sorted(GOLDEN.glob("figure_*.svg"))
        self.assertGreaterEqual(len(figures), 5)
        for figure in figures:
            root = xml.etree.ElementTree.parse(figure).getroot()
            self.assertEqual(root.tag, "{http://www.w3.org/2000/svg}svg")

    def test_pages_close_what_they_open_and_name_each_place_once(self):
        for name in ("report.html", "table.html"):
            reader = Nesting()
            reader.feed((GOLDEN / name).read_text(encoding="utf-8"))
            reader.close()
            self.assertEqual(reader.open, [], name)
            self.assertEqual(len(reader.ids), len(set(reader.ids)), name)
            self.assertEqual(reader.scripts, int(name == "report.html"), name)


if __name__ == "__main__":
    unittest.main()
