"""The types that the package is published with are those of what it is."""

import ast
import unittest
from pathlib import Path

import wattfor
from wattfor import _core


def names_of(body: list[ast.stmt]) -> set[str]:
    defined = (ast.FunctionDef, ast.ClassDef)
    return {each.name for each in body if isinstance(each, defined)} - {"__init__"}


def public(names) -> set[str]:
    return {name for name in names if not name.startswith("_")}


class TypesTest(unittest.TestCase):
    def test_the_stub_names_what_the_extension_module_has(self):
        stub = ast.parse((Path(wattfor.__file__).parent / "_core.pyi").read_text())
        self.assertEqual(names_of(stub.body), public(vars(_core)))
        for described in (each for each in stub.body if isinstance(each, ast.ClassDef)):
            with self.subTest(described.name):
                there = public(vars(getattr(_core, described.name)))
                self.assertEqual(names_of(described.body), there)

    def test_the_package_is_marked_as_typed(self):
        self.assertTrue((Path(wattfor.__file__).parent / "py.typed").is_file())

    def test_everything_public_is_documented(self):
        for name in wattfor.__all__:
            with self.subTest(name):
                self.assertTrue(getattr(wattfor, name).__doc__)

    def test_all_that_is_public_is_there(self):
        self.assertEqual(wattfor.__all__, sorted(wattfor.__all__))
        self.assertTrue(all(hasattr(wattfor, name) for name in wattfor.__all__))


if __name__ == "__main__":
    unittest.main()
