"""The server's own description of itself, held against what it answers."""

import json
import unittest

from served import Served

# What stands for the variable parts of paths, in a store that has it.
PARTS = {"{id}": "dev_rt_fp32"}


class Described(Served):
    def setUp(self):
        super().setUp()
        self.template["energy"]["total"]["basis"] = "measured"
        self.bring_in([("small", 8, 0.1, {"set-a": 90.0}), ("large", 8, 1.0, {"set-a": 97.0})])
        model = self.home / "model.onnx"
        model.write_text("weights")
        self.wattfor("sweep", model, "--worker", "fake", "--max-seconds", "0.05", "--replicates", "2",
                     "--idle-seconds", "0", "--batch-sizes", "1,2")  # fmt: skip
        self.serve()
        self.description = self.answer("/api/v1/openapi.json")

    def resolved(self, node: dict) -> dict:
        while "$ref" in node:
            path = node["$ref"].removeprefix("#/").split("/")
            node = self.description
            for part in path:
                node = node[part]
        return node

    def check(self, value, schema: dict, where: str) -> None:
        """The parts of JSON Schema that the description uses."""
        schema = self.resolved(schema)
        types = schema.get("type", [])
        types = [types] if isinstance(types, str) else types
        named = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int,
                 "number": (int, float), "null": type(None)}  # fmt: skip
        if types:
            fits = any(isinstance(value, named[each]) and (each == "boolean" or not isinstance(value, bool))
                       for each in types)  # fmt: skip
            self.assertTrue(fits, f"{where}: {value!r} is no {types}")
        if isinstance(value, dict):
            self.assertLessEqual(set(schema.get("required", [])), set(value), where)
            for name, inner in schema.get("properties", {}).items():
                if name in value:
                    self.check(value[name], inner, f"{where}.{name}")
        if isinstance(value, list) and "items" in schema:
            for number, each in enumerate(value):
                self.check(each, schema["items"], f"{where}[{number}]")

    def address(self, path: str) -> str:
        figure = self.answer("/api/v1/findings")["figures"][0]["name"]
        for part, value in (PARTS | {"{name}": f"{figure}.svg"}).items():
            path = path.replace(part, value)
        self.assertNotIn("{", path)
        # Two setups are there: that of the records and that of the sweep.
        return f"{path}?setup=dev_rt_fp32" if path == "/api/v1/rank" else path

    def test_every_path_answers_as_described(self):
        for path, item in self.description["paths"].items():
            success = self.resolved(item["get"]["responses"]["200"])
            (content_type, content), = success["content"].items()
            if content_type == "text/event-stream":
                self.assertEqual(self.listen().headers["Content-Type"], content_type)
                continue
            answer = self.ask(self.address(path))
            self.assertEqual(answer.status, 200, (path, answer.content))
            self.assertEqual(answer.headers.get_content_type(), content_type, path)
            self.assertTrue(answer.content, path)
            if "schema" in content:
                self.check(json.loads(answer.content), content["schema"], path)

    def test_what_fails_does_so_as_described(self):
        for path, query in (("/api/v1/rank", "?wait=1"), ("/api/v1/rank", "?setup=none"),
                            ("/api/v1/setups/none/points", ""), ("/api/v1/figures/none.svg", ""),
                            ("/api/v1/setups/a%5Cb/points", ""), ("/api/v1/figures/a%01.svg", "")):  # fmt: skip
            answer = self.ask(path + query)
            described = self.description["paths"].get(path) or next(
                item for known, item in self.description["paths"].items()
                if "{" in known and path.startswith(known.partition("{")[0]))
            self.assertIn(str(answer.status), described["get"]["responses"], path + query)
            schema = self.description["components"]["schemas"]["Error"]
            self.check(json.loads(answer.content), schema, path)

    def test_every_reference_leads_somewhere(self):
        def walk(node):
            if isinstance(node, dict):
                if "$ref" in node:
                    self.resolved(node)
                for inner in node.values():
                    walk(inner)
            elif isinstance(node, list):
                for inner in node:
                    walk(inner)
        walk(self.description)

    def test_curves_of_an_own_sweep_are_those_of_analyze(self):
        curves = self.answer("/api/v1/batch-curves")["batch_curves"]
        self.assertEqual(curves, self.asked("analyze")["batch_curves"])
        self.assertTrue(curves)


if __name__ == "__main__":
    unittest.main()
