"""What the documents say of the sources is so: the tests that they name, the files that they link."""

import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
CLAIM = re.compile(r"`(\w+Test)\.(\w+)`")
LINK = re.compile(r"\]\(([^)#:]+)\)")


def claims() -> set[tuple[str, str]]:
    """Every (suite, name) of the C++ tests."""
    found = set()
    for source in (ROOT / "tests").rglob("*_test.cpp"):
        found |= set(re.findall(r"TEST(?:_F|_P)?\((\w+), (\w+)\)", source.read_text()))
    return found


class Documents(unittest.TestCase):
    def test_each_test_that_a_document_names_is_there(self):
        there = claims()
        for document in DOCUMENTS:
            for claim in CLAIM.findall(document.read_text()):
                self.assertIn(claim, there, document.name)

    def test_the_programs_that_a_document_shows_are_those_that_are_tested(self):
        shown = re.findall(r"```(c|cpp)\n(.*?)```", (ROOT / "docs" / "cpp.md").read_text(), re.DOTALL)
        self.assertEqual({language for language, _ in shown}, {"c", "cpp"})
        for language, text in shown:
            self.assertEqual(text, (ROOT / "docs" / "examples" / f"training.{language}").read_text())

    def test_each_link_leads_to_a_file(self):
        for document in DOCUMENTS:
            for link in LINK.findall(document.read_text()):
                self.assertTrue((document.parent / link).exists(), f"{document.name}: {link}")


if __name__ == "__main__":
    unittest.main()
