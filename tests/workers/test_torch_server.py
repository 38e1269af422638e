"""The conversation, with a backend that computes nothing and a clock that is wound by hand."""

import json
import os
import unittest

import worker_source  # noqa: F401
from torch_worker.channel import LONGEST_LINE, Channel
from torch_worker.failures import Failure
from torch_worker.server import serve

MS = 1_000_000


class Clock:
    def __init__(self) -> None:
        self.ns = 5_000 * MS

    def __call__(self) -> int:
        return self.ns


class ScriptedBackend:
    def __init__(self, clock: Clock, batch_ns: int = 10 * MS) -> None:
        self.loaded = False
        self.prepared: list[int] = []
        self.batches = 0
        self.on_batch = lambda: None
        self._clock, self._batch_ns = clock, batch_ns

    def hello(self) -> dict:
        return {"worker": "scripted", "version": "1", "devices": [], "precisions": ["fp32"]}

    def list(self, wanted: str) -> list[str]:
        return [f"{wanted}1"]

    def load(self, request: dict):
        if request["model"] == "bad":
            raise ValueError("no such model")
        self.loaded = True
        return [{"name": "x", "shape": [None, 3], "type": "float32"}], {"runtime": "PyTorch"}

    def prepare(self, batch: int) -> None:
        self.prepared.append(batch)

    def run_batch(self) -> None:
        self.batches += 1
        self._clock.ns += self._batch_ns
        self.on_batch()

    def memory_bytes(self):
        return 4096 if self.prepared[-1] > 1 else None


class Conversation(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.backend = ScriptedBackend(self.clock)

    def talk(self, *requests) -> list[dict]:
        """What is answered to lines that are all there from the beginning."""
        requests_out, requests_in = os.pipe()
        replies_out, replies_in = os.pipe()
        lines = [each if isinstance(each, str) else json.dumps(each) for each in requests]
        os.write(requests_in, "".join(line + "\n" for line in lines).encode())
        os.close(requests_in)
        serve(self.backend, Channel(requests_out, replies_in), self.clock)
        os.close(requests_out)
        os.close(replies_in)
        with os.fdopen(replies_out) as replies:
            return [json.loads(line) for line in replies]

    def run_of(self, **run) -> list[dict]:
        return self.talk({"load": {"model": "m"}}, {"run": run})[1:]

    def test_hello_names_the_protocol_and_refuses_a_higher_one(self):
        hello, refusal = self.talk({"hello": {"protocol": 1}}, {"hello": {"protocol": 2}})
        self.assertEqual(hello["hello"]["protocol"], 1)
        self.assertEqual(refusal["failed"]["kind"], "unsupported")
        self.assertIn("protocol 2, this worker protocol 1", refusal["failed"]["message"])

    def test_a_list_is_answered_with_names(self):
        (reply,) = self.talk({"list": {"models": "timm:resnet"}})
        self.assertEqual(reply, {"listed": {"models": ["timm:resnet1"]}})

    def test_nothing_runs_before_a_model_is_loaded(self):
        (reply,) = self.talk({"run": {"batch": 1}})
        self.assertIn("no model is loaded", reply["failed"]["message"])

    def test_what_is_raised_becomes_a_failure_and_the_worker_lives_on(self):
        failed, loaded = self.talk({"load": {"model": "bad"}}, {"load": {"model": "m"}})
        self.assertEqual(failed["failed"]["kind"], "error")
        self.assertIn("loaded", loaded)

    def test_garbage_is_refused_and_a_late_stop_is_not_answered(self):
        replies = self.talk(
            "{]", "[1]", {"stop": {}}, {"teleport": {}}, {"quit": {}}, {"hello": {}}
        )
        self.assertEqual([list(reply) for reply in replies], [["failed"]] * 3)

    def test_a_warm_up_ends_with_the_first_batch_after_200_ms(self):
        (reply,) = self.run_of(batch=8, warm_up=True)
        self.assertEqual(reply, {"finished": {"memory_bytes": 4096}})
        self.assertEqual(self.backend.batches, 20)

    def test_a_run_is_as_long_as_both_bounds_ask(self):
        started, *batches, finished = self.run_of(batch=1, min_batches=14, min_seconds=0.05)
        self.assertEqual(started, {"started": {"t_ns": 5_000 * MS}})
        count = [each for reply in batches for each in reply["batches"]["count"]]
        ends = [each for reply in batches for each in reply["batches"]["end_ns"]]
        self.assertEqual(count, [1] * 14)
        self.assertEqual(ends, [5_000 * MS + 10 * MS * each for each in range(1, 15)])
        self.assertEqual(finished, {"finished": {}})
        self.assertEqual(self.backend.prepared, [1])

    def test_a_run_ends_at_its_longest(self):
        self.run_of(batch=1, min_batches=1000, max_seconds=0.2)
        self.assertEqual(self.backend.batches, 20)

    def test_batches_are_sent_every_100_ms(self):
        _, *batches, _ = self.run_of(batch=1, min_seconds=0.35)
        self.assertEqual([len(each["batches"]["count"]) for each in batches], [10, 10, 10, 5])

    def test_short_batches_are_summed_into_entries_a_millisecond_apart(self):
        self.backend = ScriptedBackend(self.clock, batch_ns=300_000)
        _, batches, _ = self.run_of(batch=1, min_seconds=0.005)
        self.assertEqual(batches["batches"]["count"], [4, 4, 4, 4, 4])

    def test_a_stop_ends_the_run_within_100_ms(self):
        replies = self.talk(
            {"load": {"model": "m"}},
            {"run": {"batch": 1, "min_seconds": 100}},
            {"stop": {}},
            {"hello": {"protocol": 1}},
        )
        self.assertEqual(self.backend.batches, 10)
        self.assertIn("finished", replies[-2])
        self.assertIn("hello", replies[-1])

    def test_what_is_no_stop_waits_for_the_runs_end(self):
        self.talk({"load": {"model": "m"}}, {"run": {"batch": 1, "min_seconds": 1}}, {"hello": {}})
        self.assertEqual(self.backend.batches, 100)

    def test_a_batch_that_fails_ends_the_run(self):
        def refuse() -> None:
            if self.backend.batches == 3:
                raise Failure("out_of_memory", "no memory for a batch of 8")

        self.backend.on_batch = refuse
        *_, last = self.run_of(batch=8, min_seconds=1)
        self.assertEqual(
            last, {"failed": {"kind": "out_of_memory", "message": "no memory for a batch of 8"}}
        )

    def test_a_line_without_an_end_is_not_read_for_ever(self):
        self.assertEqual(self.talk_raw(b"x" * (LONGEST_LINE + 100)), b"")

    def talk_raw(self, data: bytes) -> bytes:
        import tempfile

        with tempfile.TemporaryFile() as requests, tempfile.TemporaryFile() as replies:
            requests.write(data)
            requests.seek(0)
            serve(self.backend, Channel(requests.fileno(), replies.fileno()), self.clock)
            replies.seek(0)
            return replies.read()


if __name__ == "__main__":
    unittest.main()
