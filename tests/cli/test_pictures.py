"""The pictures of docs/ are what the program draws."""

import subprocess
import unittest

from program import PROGRAM, REPOSITORY, ProgramTest


class Pictures(ProgramTest):
    def test_each_picture_of_the_documents_is_what_the_program_draws_now(self):
        drawn = self.home / "drawn"
        drawn.mkdir()
        subprocess.run([REPOSITORY / "tools" / "pictures", PROGRAM, drawn], env=self.env,
                       check=True, stdout=subprocess.DEVNULL)
        committed = REPOSITORY / "docs" / "pictures"
        names = sorted(path.name for path in committed.glob("*.svg"))
        self.assertEqual(names, sorted(path.name for path in drawn.iterdir()))
        for name in names:
            self.assertEqual((drawn / name).read_bytes(), (committed / name).read_bytes(),
                             f"{name}: `make pictures` draws it anew")

    def test_each_picture_is_shown_in_a_document(self):
        text = "".join(path.read_text() for path in (REPOSITORY / "docs").glob("*.md"))
        for picture in (REPOSITORY / "docs" / "pictures").glob("*.svg"):
            self.assertIn(f"](pictures/{picture.name})", text)


if __name__ == "__main__":
    unittest.main()
