"""`wattfor manual` prints pages that every roff takes without a warning and that say what --help says."""

import re
import shutil
import subprocess
import unittest

from program import ProgramTest


def verbs_of(overview: str) -> list[str]:
    """The verbs that `wattfor --help` lists."""
    listed = overview.split("Verbs:\n")[1].split("\n\n")[0]
    return re.findall(r"^  (\S+)", listed, re.MULTILINE)


class Manual(ProgramTest):
    def setUp(self) -> None:
        super().setUp()
        self.pages = self.home / "new" / "man1"
        self.wattfor("manual", "--output", self.pages)

    def shown(self, page: str) -> str:
        """The page as `man` shows it on a wide terminal of UTF-8."""
        if not shutil.which("man"):
            self.skipTest("man is not installed (Debian: man-db)")
        environment = self.env | {"LC_ALL": "C.UTF-8", "MANWIDTH": "160"}
        answer = subprocess.run(
            ["man", "--warnings", "-l", self.pages / page],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        self.assertEqual(answer.stderr, "", page)
        return answer.stdout

    def test_there_is_a_page_of_the_program_and_of_every_verb(self):
        verbs = verbs_of(self.wattfor("--help").stdout)
        self.assertIn("manual", verbs)
        expected = {"wattfor.1"} | {f"wattfor-{verb}.1" for verb in verbs}
        self.assertEqual({page.name for page in self.pages.iterdir()}, expected)
        for verb in verbs:
            page = (self.pages / f"wattfor-{verb}.1").read_text(encoding="ascii")
            self.assertEqual(self.wattfor("manual", verb).stdout, page)
        overview = (self.pages / "wattfor.1").read_text(encoding="ascii")
        self.assertEqual(self.wattfor("manual").stdout, overview)

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed (Debian: groff-base)")
    def test_groff_warns_of_nothing(self):
        for page in self.pages.iterdir():
            answer = subprocess.run(
                ["groff", "-man", "-Tutf8", "-ww", "-z", page], capture_output=True, text=True
            )
            self.assertEqual((answer.returncode, answer.stderr), (0, ""), page.name)

    def test_every_option_and_example_of_a_verb_is_on_its_page_to_the_letter(self):
        for verb in verbs_of(self.wattfor("--help").stdout):
            shown = self.shown(f"wattfor-{verb}.1")
            text = self.wattfor(verb, "--help").stdout
            wanted = re.findall(r"^  (?:-h, )?(--[a-z-]+)", text, re.MULTILINE)
            wanted += re.findall(r"^  (wattfor .+)$", text, re.MULTILINE)
            self.assertTrue(wanted, verb)
            for words in wanted:
                self.assertIn(words, shown)

    def test_letters_beyond_ascii_come_out_right(self):
        shown = self.shown("wattfor-rank.1")
        self.assertIn("0…1", shown)
        self.assertIn("100 − (W·E/N·100 + (1−W)·(100−A))", shown)

    def test_the_environment_and_the_statuses_are_told(self):
        for page in ("wattfor.1", "wattfor-sweep.1"):
            shown = self.shown(page)
            for word in ("WATTFOR_DB", "WATTFOR_SYSFS", "WATTFOR_PROCFS", "WATTFOR_NVML"):
                self.assertIn(word, shown)
            self.assertIn("EXIT STATUS", shown)
        self.assertIn("127", self.shown("wattfor-run.1"))


class Refusals(ProgramTest):
    def test_a_verb_that_is_not_there_is_wrong_usage(self):
        self.assertIn("nonsense", self.wattfor("manual", "nonsense", status=2).stderr)

    def test_one_page_or_all_of_them(self):
        self.wattfor("manual", "sweep", "--output", self.home, status=2)

    def test_a_folder_that_cannot_be_made_is_named(self):
        (self.home / "file").write_text("")
        answer = self.wattfor("manual", "--output", self.home / "file" / "man1", status=1)
        self.assertIn(str(self.home / "file" / "man1"), answer.stderr)


if __name__ == "__main__":
    unittest.main()
