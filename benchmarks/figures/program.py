"""The benchmark programs print one JSON object."""

import json
import subprocess
from pathlib import Path


def answer_of(program: Path, *words) -> dict:
    command = [program, *map(str, words)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
