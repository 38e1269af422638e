"""The benchmark programs print one JSON object."""

import json
import subprocess
from pathlib import Path

# Of what tools/requirements-bench.txt names.
PEER_PYTHON = Path(__file__).resolve().parents[2] / ".venv-bench/bin/python"


def answer_of(program: Path, *words) -> dict:
    command = [program, *map(str, words)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
