"""The completions, asked in the shells themselves."""

import shutil
import subprocess
import unittest

from program import PROGRAM, ProgramTest

ASK_BASH = """
source "$1"; shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_wattfor
((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"
"""

# What the completion system of zsh gets to see; the first call of _arguments finds a verb.
ASK_ZSH = """
compdef() { print -r -- "compdef $*" }
_arguments() {
  if [[ $1 == -C ]]; then
    state=arguments
    line=($verb)
  else
    print -rl -- "$@"
  fi
}
source "$1"
verb=$2
_wattfor
"""

ASK_FISH = "source $argv[1]; complete -C $argv[2]"


class Shell(ProgramTest):
    """A folder with two files and a folder in it, and the script of one shell."""

    shell = ""

    def setUp(self) -> None:
        super().setUp()
        if not shutil.which(self.shell):
            self.skipTest(f"{self.shell} is not installed")
        self.folder = self.home / "here"
        (self.folder / "models").mkdir(parents=True)
        (self.folder / "model one.onnx").write_text("")
        (self.folder / "records.json").write_text("")
        self.script = self.home / "completion"
        self.script.write_text(self.wattfor("completion", self.shell).stdout)

    def answers(self, *command) -> list[str]:
        answer = subprocess.run(
            list(map(str, command)), cwd=self.folder, env=self.env, capture_output=True, text=True
        )
        self.assertEqual(answer.stderr, "", command)
        return answer.stdout.splitlines()

    def check_syntax(self) -> None:
        self.assertEqual(self.answers(self.shell, "-n", self.script), [])


class Bash(Shell):
    shell = "bash"

    def offered(self, *words) -> list[str]:
        """The candidates for the last word."""
        return self.answers(
            "bash", "--norc", "--noprofile", "-c", ASK_BASH, "bash", self.script, "wattfor", *words
        )

    def test_the_first_word_is_a_verb_or_an_option(self):
        self.check_syntax()
        self.assertEqual(self.offered("r"), ["run", "runs", "replay", "rank"])
        self.assertEqual(self.offered("--v"), ["--version"])
        for verb in ("sweep", "manual", "completion"):
            self.assertIn(verb, self.offered(""))

    def test_a_verb_has_its_own_options(self):
        self.assertEqual(self.offered("export", "--f"), ["--format"])
        self.assertEqual(self.offered("sweep", "--format"), [])
        self.assertIn("--json", self.offered("rank", ""))

    def test_an_option_has_its_choices(self):
        self.assertEqual(self.offered("export", "--format", ""), ["json", "csv"])
        self.assertEqual(self.offered("export", "--format", "=", "c"), ["csv"])
        self.assertEqual(self.offered("export", "--format", "="), ["json", "csv"])
        self.assertEqual(self.offered("rank", "--weight", ""), [])

    def test_files_and_folders_are_named_where_they_are_expected(self):
        self.assertEqual(self.offered("sweep", "model o"), ["model one.onnx"])
        self.assertEqual(self.offered("export", "--output", "rec"), ["records.json"])
        self.assertEqual(self.offered("manual", "--output", "m"), ["models"])
        self.assertEqual(self.offered("import", "a"), ["accuracy"])
        self.assertEqual(self.offered("import", "accuracy", "rec"), ["records.json"])

    def test_behind_the_dashes_the_command_is_completed(self):
        self.assertEqual(self.offered("run", ""), ["--"])
        self.assertIn("bash", self.offered("run", "--", "bas"))
        self.assertEqual(self.offered("run", "--", "cat", "rec"), ["records.json"])
        self.assertEqual(self.offered("run", "--", "cat", "--na"), [])

    def test_it_hands_over_to_the_completion_of_the_command(self):
        script = self.script.read_text()
        self.script.write_text('_command_offset() { COMPREPLY=("offset $1"); }\n' + script)
        self.assertEqual(self.offered("run", "--name", "x", "--", "make", "c"), ["offset 5"])

    def test_switched_on_as_the_help_says(self):
        line = 'source <("$1" completion bash); complete -p wattfor'
        self.assertEqual(
            self.answers("bash", "--norc", "-c", line, "bash", PROGRAM),
            ["complete -F _wattfor wattfor"],
        )


class Zsh(Shell):
    shell = "zsh"

    def specifications(self, verb) -> list[str]:
        return self.answers("zsh", "-f", "-c", ASK_ZSH, "zsh", self.script, verb)

    def test_its_syntax_is_right_and_it_declares_itself(self):
        self.check_syntax()
        self.assertIn("compdef _wattfor wattfor", self.specifications("rank"))

    def test_each_verb_says_its_options_choices_and_files(self):
        export = self.specifications("export")
        self.assertIn("(--format)--format=[json or csv]:NAME:(json csv)", export)
        self.assertIn(
            "(--output)--output=[Write to this file \\[standard output\\]]:FILE:_files", export
        )
        self.assertIn("*:FILE:_files", self.specifications("sweep"))
        self.assertIn("*::COMMAND...: _wattfor_command", self.specifications("run"))
        self.assertIn("(--output)--output=[Write every page into this folder]:FOLDER:_files -/",
                      self.specifications("manual"))


class Fish(Shell):
    shell = "fish"

    def offered(self, line) -> list[str]:
        """The candidates for the end of the line, without their explanations."""
        answers = self.answers("fish", "--no-config", "-c", ASK_FISH, self.script, line)
        return sorted(answer.split("\t")[0] for answer in answers)

    def test_verbs_options_and_choices(self):
        self.check_syntax()
        self.assertEqual(self.offered("wattfor r"), ["rank", "replay", "run", "runs"])
        self.assertEqual(self.offered("wattfor export --f"), ["--format"])
        self.assertEqual(self.offered("wattfor sweep --forma"), [])
        self.assertEqual(self.offered("wattfor export --format "), ["csv", "json"])
        self.assertEqual(self.offered("wattfor rank --weight "), [])
        self.assertEqual(self.offered("wattfor worker "), ["null", "onnxruntime"])

    def test_files_and_folders_are_named_where_they_are_expected(self):
        self.assertEqual(self.offered("wattfor sweep rec"), ["records.json"])
        self.assertEqual(self.offered("wattfor export --output rec"), ["records.json"])
        self.assertEqual(self.offered("wattfor manual --output m"), ["models/"])
        self.assertEqual(self.offered("wattfor import a"), ["accuracy"])
        self.assertEqual(self.offered("wattfor rank rec"), [])

    def test_behind_the_dashes_the_command_is_completed(self):
        self.assertEqual(self.offered("wattfor run "), ["--"])
        self.assertIn("bash", self.offered("wattfor run -- bas"))
        self.assertEqual(self.offered("wattfor run --name x -- cat rec"), ["records.json"])


if __name__ == "__main__":
    unittest.main()
