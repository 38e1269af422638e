"""The options of `load`: each is known and of its type, or the sweep ends before it begins."""

import unittest

import worker_source
from torch_worker import VERSION
from torch_worker.failures import Failure
from torch_worker.options import Options, read_options


class Version(unittest.TestCase):
    def test_it_is_wattfors(self):
        project = (worker_source.REPOSITORY / "CMakeLists.txt").read_text()
        self.assertIn(f"project(wattfor VERSION {VERSION} ", project)


class Reading(unittest.TestCase):
    def refusal_of(self, given: dict) -> str:
        with self.assertRaises(Failure) as caught:
            read_options(given)
        self.assertEqual(caught.exception.kind, "unavailable")
        return str(caught.exception)

    def test_none_are_the_usual_way(self):
        self.assertEqual(read_options({}), Options())
        self.assertEqual(read_options({}).mode, "eager")

    def test_a_shape_is_text_numbers_or_one_number(self):
        for given in ("3x224x224", "3,224,224", [3, 224, 224]):
            self.assertEqual(read_options({"input_shape": given}).input_shape, (3, 224, 224))
        self.assertEqual(read_options({"input_shape": 64}).input_shape, (64,))

    def test_a_shape_that_is_none_is_refused(self):
        for given in ("3x0x224", "224x", "", [], [3, "a"], True, -1, {"x": 1}, "9999999999"):
            self.assertIn("input_shape=3x224x224", self.refusal_of({"input_shape": given}))

    def test_a_misspelt_option_is_refused_with_those_there_are(self):
        reason = self.refusal_of({"chanels_last": True})
        self.assertIn("no option 'chanels_last'", reason)
        self.assertIn("channels_last", reason.split("it has:")[1])

    def test_an_option_of_another_type_is_refused(self):
        self.assertIn("expected true or false", self.refusal_of({"channels_last": "yes"}))
        self.assertIn("expected true or false", self.refusal_of({"pretrained": 1}))
        self.assertIn("expected text", self.refusal_of({"mode": 3}))

    def test_a_compile_mode_is_one_of_pytorchs(self):
        self.assertIn("max-autotune", self.refusal_of({"compile_mode": "fast"}))


if __name__ == "__main__":
    unittest.main()
