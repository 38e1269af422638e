"""A store of models whose figures are known, for the tests of the verbs that choose among them."""

import json
import uuid

from program import ProgramTest


class KnownModels(ProgramTest):
    def setUp(self):
        super().setUp()
        self.wattfor("run", "--idle-seconds", "0", "--", "true")
        self.template = self.records()[0]

    def bring_in(self, models: list[tuple[str, int, float, dict]], setup: str = "dev_rt_fp32"):
        """Each at two batch sizes: name, input size, J per image at the better one (batch 8), and
        the accuracies by test set. ±10 % in itself, ±1 % between models."""
        records = [self.cell(name, size, energy * factor, batch, setup)
                   for name, size, energy, _ in models
                   for batch, factor in ((1, 2.0), (8, 1.0))]  # fmt: skip
        export = {"format": "wattfor", "version": 1, "measurements": records, "accuracies": []}
        path = self.home / "records.json"
        path.write_text(json.dumps(export))
        self.wattfor("import", path)
        rows = [f"{name},{size},{test_set},{accuracy}," for name, size, _, accuracies in models
                for test_set, accuracy in accuracies.items()]  # fmt: skip
        if rows:
            self.accuracies(rows)

    def cell(self, name: str, size: int, energy: float, batch: int, setup: str) -> dict:
        record = json.loads(json.dumps(self.template)) | {"id": str(uuid.uuid4()), "kind": "cell"}
        record.pop("command")
        record["name"] = name
        described = {"id": setup, "label": "Dev", "device": "dev", "runtime": "rt",
                     "runtime_version": "1", "precision": "fp32", "threads": 0}  # fmt: skip
        model = {"name": name, "input_size": size, "sha256": f"{name}{size}", "file": name}
        record["cell"] = {"setup": described, "model": model, "batch_size": batch,
                          "protocol": "adaptive", "replicates": 0, "seed": 1}  # fmt: skip
        figure = {"energy_j": energy, "energy_low_j": energy * 0.9, "energy_high_j": energy * 1.1,
                  "comparison_low_j": energy * 0.99, "comparison_high_j": energy * 1.01}  # fmt: skip
        record["result"] = {"energy_per_image": figure, "throughput_per_s": 1.0 / energy,
                            "latency_ms": 1000.0 * batch * energy,
                            "precision_reached": True}  # fmt: skip
        return record

    def accuracies(self, rows: list[str]) -> None:
        path = self.home / "accuracies.csv"
        header = "model,input_size,test_set,top1_percent,top5_percent"
        path.write_text("\n".join([header, *rows]) + "\n")
        self.wattfor("import", "accuracy", path)

    def asked(self, *words, status: int = 0) -> dict:
        return json.loads(self.wattfor(*words, "--json", status=status).stdout)
