"""The shapes of a model's inputs, and where they come from."""

import tempfile
import unittest
import zipfile
from pathlib import Path

import worker_source  # noqa: F401
from torch_worker.failures import Failure
from torch_worker.inputs import Input, image, inputs_in_archive, shape_for


class Archives(unittest.TestCase):
    def archive(self, text: str | None) -> str:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "model.pt"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("model/code/__torch__.py", "")
            if text is not None:
                archive.writestr("model/extra/inputs.json", text)
        return str(path)

    def test_the_extra_file_says_them_as_the_protocol_does(self):
        path = self.archive(
            '{"inputs": [{"name": "ids", "shape": [null, 128], "type": "int64"},'
            ' {"name": "x", "shape": [4, 3, 8, 8]}]}'
        )
        self.assertEqual(
            inputs_in_archive(path),
            [Input("ids", (None, 128), "int64"), Input("x", (4, 3, 8, 8), "float32")],
        )

    def test_a_file_without_it_says_nothing(self):
        self.assertIsNone(inputs_in_archive(self.archive(None)))

    def test_one_that_is_not_understood_is_an_error_with_an_example(self):
        for text in (
            "[]",
            "{",
            '{"inputs": [{"name": "x", "shape": [null, null]}]}',
            '{"inputs": [{"name": "x", "shape": []}]}',
            '{"inputs": [{"name": "x", "shape": [null, 3], "type": "text"}]}',
            '{"inputs": [{"shape": [null, 3]}]}',
        ):
            with self.assertRaises(Failure, msg=text) as caught:
                inputs_in_archive(self.archive(text))
            self.assertIn('"shape": [null, 3, 224, 224]', str(caught.exception))


class Shapes(unittest.TestCase):
    def test_a_free_batch_takes_any_size(self):
        (free,) = image((3, 224, 224))
        self.assertEqual(shape_for(free, 8), (8, 3, 224, 224))
        self.assertEqual(
            free.described(), {"name": "x", "shape": [None, 3, 224, 224], "type": "float32"}
        )

    def test_a_fixed_batch_takes_its_own_alone(self):
        fixed = Input("x", (4, 3))
        self.assertEqual(shape_for(fixed, 4), (4, 3))
        with self.assertRaises(Failure) as caught:
            shape_for(fixed, 8)
        self.assertEqual(caught.exception.kind, "unsupported")
        self.assertIn("fixed batch of 4, not 8", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
