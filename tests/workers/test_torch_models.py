"""Which models there are: files by what is in them, timm's by name."""

import tempfile
import unittest
import zipfile
from fnmatch import fnmatch
from pathlib import Path
from types import SimpleNamespace

from worker_source import fake_torch
from torch_worker import models, timm_models
from torch_worker.failures import Failure
from torch_worker.options import Options


class Files(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def archive(self, *names: str) -> str:
        path = self.folder / "model.pt"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "")
        return str(path)

    def refusal_of(self, path: str, options: Options = Options()) -> Failure:
        with self.assertRaises(Failure) as caught:
            models.load_model(fake_torch(), path, options, None, 1)
        return caught.exception

    def test_a_program_is_known_by_what_is_in_its_archive(self):
        for names, kind in (
            (("m/code/__torch__.py", "m/data.pkl"), "TorchScript"),
            (("serialized_exported_program.json", "version"), "exported"),
            (("m/archive_format", "m/models/model.json"), "exported"),
        ):
            self.assertEqual(models.kind_of_archive(self.archive(*names)), kind)

    def test_pickled_python_is_not_read(self):
        refusal = self.refusal_of(self.archive("archive/data.pkl", "archive/data/0"))
        self.assertEqual(refusal.kind, "unsupported")
        self.assertIn("torch.jit.trace", str(refusal))

    def test_a_file_that_is_missing_damaged_or_a_folder_is_named(self):
        self.assertIn("is not there", str(self.refusal_of(str(self.folder / "absent.pt"))))
        self.assertIn("can't be read", str(self.refusal_of(str(self.folder))))
        damaged = self.folder / "damaged.pt"
        for content in (b"", b"not a model", Path(self.archive("m/code/a")).read_bytes()[:40]):
            damaged.write_bytes(content)
            self.assertIn("is damaged or no model of PyTorch", str(self.refusal_of(str(damaged))))

    def test_torchscript_without_a_shape_says_how_to_give_it(self):
        refusal = self.refusal_of(self.archive("m/code/__torch__.py"))
        self.assertEqual(refusal.kind, "unsupported")
        self.assertIn("input_shape=3x224x224", str(refusal))

    def test_pytorch_1_reads_no_exported_program(self):
        self.assertIn("from 2.1 on", str(self.refusal_of(self.archive("m/archive_format"))))

    def test_a_file_has_weights_of_its_own(self):
        path = self.archive("m/code/a")
        self.assertIn("timm's", str(self.refusal_of(path, Options(pretrained=True))))


def exported_program(*placeholders):
    """As torch.export.load returns it: nodes whose values know their shapes."""
    nodes = [
        SimpleNamespace(op="placeholder", name=name, meta={"val": value})
        for name, value in placeholders
    ]
    return SimpleNamespace(
        graph_signature=SimpleNamespace(user_inputs=["x", "mask"]),
        graph=SimpleNamespace(nodes=nodes),
    )


class Size:
    """A dimension that was exported as dynamic."""


def value(*shape, dtype="torch.float32"):
    return SimpleNamespace(shape=shape, dtype=dtype)


class Exported(unittest.TestCase):
    def test_its_inputs_are_those_of_the_user_with_a_free_batch_where_it_is_dynamic(self):
        program = exported_program(
            ("p_weight", value(8, 8)),
            ("x", value(Size(), 3, 8, 8)),
            ("mask", value(4, 8, dtype="torch.int64")),
        )
        found = models.exported_inputs(program)
        self.assertEqual([each.shape for each in found], [(None, 3, 8, 8), (4, 8)])
        self.assertEqual([each.dtype for each in found], ["float32", "int64"])

    def test_another_free_dimension_is_refused_by_its_inputs_name(self):
        with self.assertRaises(Failure) as caught:
            models.exported_inputs(exported_program(("x", value(Size(), 3, Size(), 8))))
        self.assertIn("its input 'x'", str(caught.exception))


class FakeTimm:
    __version__ = "1.0.0"
    names = ["resnet18", "resnet50", "vit_tiny"]

    def __init__(self) -> None:
        self.created: list[tuple] = []

    def list_models(self, pattern: str = "*", pretrained: bool = False) -> list[str]:
        names = [f"{name}.a1_in1k" for name in self.names] if pretrained else self.names
        return [name for name in names if fnmatch(name, pattern)]

    def is_model(self, name: str) -> bool:
        return name in self.names

    def create_model(self, name: str, pretrained: bool, **how):
        if how and not name.startswith("vit"):
            raise TypeError("__init__() got an unexpected keyword argument 'img_size'")
        self.created.append((name, pretrained, how))
        return SimpleNamespace(default_cfg={"input_size": (3, 224, 224)})


class Timm(unittest.TestCase):
    def listed(self, wanted: str) -> list[str]:
        return timm_models.listed(FakeTimm(), wanted)

    def test_a_name_a_pattern_and_all_stand_for_models(self):
        self.assertEqual(self.listed("resnet18"), ["timm:resnet18"])
        self.assertEqual(self.listed("resnet*"), ["timm:resnet18", "timm:resnet50"])
        self.assertEqual(len(self.listed("all")), 3)

    def test_a_tag_names_weights_and_any_will_do(self):
        self.assertEqual(self.listed("resnet18.a1_in1k"), ["timm:resnet18.a1_in1k"])
        self.assertEqual(self.listed("resnet18.mine"), ["timm:resnet18.mine"])

    def test_a_name_that_is_none_is_refused_with_those_like_it(self):
        with self.assertRaises(Failure) as caught:
            self.listed("resnet5O")
        self.assertEqual(caught.exception.kind, "error")
        self.assertIn("is it one of: resnet50", str(caught.exception))
        with self.assertRaises(Failure):
            self.listed("alexnet*")

    def test_weights_are_asked_for_only_where_they_are(self):
        timm = FakeTimm()
        _, shape = timm_models.create(timm, "resnet18", False, None)
        self.assertEqual(shape, (3, 224, 224))
        self.assertEqual(timm.created, [("resnet18", False, {})])

    def test_a_model_that_is_built_for_a_size_is_built_for_the_one_asked_for(self):
        timm = FakeTimm()
        for name in ("vit_tiny", "resnet18"):
            _, shape = timm_models.create(timm, name, False, (3, 96, 96))
            self.assertEqual(shape, (3, 96, 96))
        self.assertEqual([how for *_, how in timm.created], [{"img_size": (96, 96)}, {}])


if __name__ == "__main__":
    unittest.main()
