"""`wattfor publish`: the explorer as a folder that needs no server."""

import base64
import json
import re
import unittest

from known_models import KnownModels

MARKUP = "</script><b>m"
SETUP = "dev/rt <fp32>"


class Publish(KnownModels):
    def setUp(self):
        super().setUp()
        self.template["energy"]["total"]["basis"] = "measured"
        self.site = self.home / "site"

    def publish(self) -> dict:
        answer = self.wattfor("publish", self.site, "--json", status=None)
        if "without the explorer" in answer.stderr:
            self.skipTest("this program was built without the explorer")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return json.loads(answer.stdout)

    def data(self, file: str) -> tuple[str, bytes]:
        script = (self.site / "data" / file).read_text()
        name, content = re.fullmatch(r'wattfor_data\(("[^\n]*"), "([A-Za-z0-9+/=]*)"\);\n', script).groups()
        return json.loads(name), base64.b64decode(content, validate=True)

    def test_holds_the_page_and_what_the_server_would_answer(self):
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0}), (MARKUP, 8, 0.5, {"set-a": 60.0})], setup=SETUP)
        published = self.publish()
        page = (self.site / "index.html").read_text()
        for file in re.findall(r'(?:src|href)="([^"]*)"', page):
            self.assertTrue((self.site / file).is_file(), file)
        self.assertNotIn("type=\"module\"", page)  # a browser loads none from `file:`
        name, content = self.data("catalogue.js")
        catalogue = json.loads(content)
        self.assertEqual((name, catalogue["live"]), ("catalogue", False))
        self.assertEqual([each["id"] for each in catalogue["setups"]], [SETUP])
        name, content = self.data("setups/dev%2Frt%20%3Cfp32%3E/points.js")
        self.assertEqual((name, content[:4]), (f"setups/{SETUP}/points", b"WFC1"))
        self.assertIn(MARKUP.encode(), self.data("models.js")[1])
        self.assertEqual(json.loads(self.data("findings.js")[1])["pareto"].keys(), {SETUP})
        self.assertEqual(published["stale"], [])
        self.assertEqual(published["bytes"],
                         sum(file.stat().st_size for file in self.site.rglob("*") if file.is_file()))

    def test_is_published_again_and_names_what_is_left_of_before(self):
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0})])
        self.publish()
        (self.site / "data" / "old.js").write_text("")
        self.assertEqual(self.publish()["stale"], [str(self.site / "data" / "old.js")])

    def test_other_peoples_folders_are_left_alone(self):
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0})])
        self.publish()  # or skips
        other = self.home / "other"
        other.mkdir()
        (other / "index.html").write_text("mine")
        refused = self.wattfor("publish", other, status=2)
        self.assertIn("name an empty or a new folder", refused.stderr)
        self.assertEqual((other / "index.html").read_text(), "mine")
        (other / "index.html").rename(other / "thesis.tex")
        self.assertIn("thesis.tex", self.wattfor("publish", other, status=2).stderr)
        file = self.home / "file"
        file.write_text("")
        self.assertIn("expected a folder", self.wattfor("publish", file, status=2).stderr)

    def test_what_was_broken_off_is_written_again(self):
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0})])
        self.publish()
        (self.site / "data" / "catalogue.js").unlink()
        (self.site / "index.html").unlink()
        self.publish()
        self.assertTrue((self.site / "index.html").is_file())

    def test_nothing_is_written_through_a_link(self):
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0})])
        self.publish()
        precious = self.home / "precious"
        precious.write_text("mine")
        (self.site / "index.html").unlink()
        (self.site / "index.html").symlink_to(precious)
        self.assertIn("holds a link", self.wattfor("publish", self.site, status=2).stderr)
        self.assertEqual(precious.read_text(), "mine")
        self.assertIn("expected a folder", self.wattfor("publish", "", status=2).stderr)

    def test_accuracies_without_energies_are_published_without_findings(self):
        self.accuracies(["m,224,set-a,80,"])
        self.publish()
        self.assertFalse((self.site / "data" / "findings.js").exists())
        self.publish()

    def test_a_store_without_models_is_published_empty(self):
        self.publish()
        self.assertEqual(json.loads(self.data("catalogue.js")[1])["setups"], [])


if __name__ == "__main__":
    unittest.main()
