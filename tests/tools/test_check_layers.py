"""tools/check_layers.py finds what it is there to find."""

import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_layers  # noqa: E402

TABLE = {"low": set(), "middle": {"low"}, "high": {"middle"}}


def faults(module: str, text: str) -> list[str]:
    return check_layers.faults_of(Path("x.cpp"), module, text, TABLE)


class Layers(unittest.TestCase):
    def test_what_a_module_may_include_its_users_may_too(self):
        self.assertEqual(faults("high", '#include "low/a.h"\n#include "middle/b.h"\n'), [])

    def test_an_include_upwards_is_a_fault_with_its_line(self):
        found = faults("low", '#include <vector>\n\n#include "high/a.h"\n')
        self.assertEqual(found, ["x.cpp:3: low may not include high (high/a.h)"])

    def test_a_reserved_header_belongs_to_its_modules(self):
        self.assertEqual(len(faults("high", "#include <sqlite3.h>\n")), 1)
        for owner in ("analysis", "response"):
            found = check_layers.faults_of(
                Path("x.cpp"), owner, "#include <Eigen/Dense>\n", check_layers.MAY_INCLUDE)  # fmt: skip
            self.assertEqual(found, [])
        self.assertEqual(faults("high", "#include <Eigen/Dense>\n"),
                         ["x.cpp:1: only analysis and response may include Eigen/Dense"])  # fmt: skip

    def test_the_table_has_no_circle(self):
        for module in check_layers.MAY_INCLUDE:
            for used in check_layers.MAY_INCLUDE[module]:
                reached = check_layers.closure(check_layers.MAY_INCLUDE, used)
                self.assertNotIn(module, reached, f"{module} and {used} include each other")


def clashes(**sources: str) -> list[str]:
    return check_layers.clashes_of({Path(f"{name}.cpp"): text for name, text in sources.items()})


class Types(unittest.TestCase):
    def test_two_of_one_name_in_one_namespace_are_a_fault(self):
        one = "namespace wattfor {\nstruct Answer { int status = 0; };\n}\n"
        for other in ("namespace wattfor { class Answer final : public Base<int> {}; }",
                      "namespace wattfor { struct Else {}; enum class Answer : char { yes }; }",
                      "namespace wattfor { namespace { int f() { return 1'000; } } struct Answer {}; }",
                      "namespace wattfor { template <class T> class Answer {}; }"):  # fmt: skip
            self.assertEqual(clashes(one=one, other=other),
                             ["other.cpp: wattfor::Answer is defined in one.cpp as well"])  # fmt: skip

    def test_what_is_apart_may_share_a_name(self):
        one = "namespace wattfor { struct Answer {}; }"
        for other in ("namespace wattfor { namespace { struct Answer {}; } }",
                      "namespace wattfor::cli { struct Answer {}; }",
                      "namespace wattfor { class Server { struct Answer {}; }; }",
                      "namespace wattfor { class Server::Answer {}; }",
                      "namespace wattfor { void f() { struct Answer {}; } }",
                      "namespace wattfor { template <> struct Answer<int> {}; }",
                      "namespace wattfor { struct Answer; Answer f(struct Answer a) { return a; } }",
                      "namespace wattfor { // struct Answer {\n const char* text = \"struct Answer {\"; }"):  # fmt: skip
            self.assertEqual(clashes(one=one, other=other), [], other)

    def test_a_specialisation_is_named_without_its_bases(self):
        for head, name in (("X<int> final : Y<int>", "X<int>"), ("X<Y<int>> : Y<int>", "X<Y<int>>"),
                           ("X<b::Y> : Z", "X<b::Y>")):  # fmt: skip
            text = f"namespace a {{ template <> struct {head} {{}}; }}"
            self.assertEqual(check_layers.types_of(text), [f"a::{name}"])

    def test_a_source_without_a_fault_is_read_to_its_end(self):
        text = 'namespace a { const char* t = R"x(} struct {)x"; char c = \'}\'; /* } */ struct B {}; }'
        self.assertEqual(check_layers.types_of(text), ["a::B"])


if __name__ == "__main__":
    unittest.main()
