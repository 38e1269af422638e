#!/usr/bin/env python3
"""What benchmarks/million_models.cpp does with its models, by DuckDB on all processors.

    million_models.py MODELS.csv

Prints one JSON object: the medians of several rounds in milliseconds, once the table is loaded.
"""

import json
import statistics
import sys
import time

import duckdb

RUNS = 15

QUERIES = {
    "filter_ms": """SELECT rowid FROM models WHERE accuracy_percent >= 75
        AND energy_j <= 0.5 AND parameters <= 5e7 AND throughput_per_s >= 300""",
    "rank_ms": """SELECT model, input_size, 100 - (50 * energy_j / (SELECT max(energy_j) FROM models)
        + 0.5 * (100 - accuracy_percent)) AS score FROM models ORDER BY score DESC LIMIT 20""",
    "front_ms": """SELECT rowid FROM (SELECT rowid, accuracy_percent, max(accuracy_percent) OVER
        (ORDER BY energy_j, accuracy_percent DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
        AS best FROM models) WHERE best IS NULL OR accuracy_percent > best""",
}


def milliseconds(work) -> tuple[float, object]:
    start = time.perf_counter()
    answer = work()
    return (time.perf_counter() - start) * 1e3, answer


def main() -> None:
    database = duckdb.connect()
    answer = {"version": duckdb.__version__}
    answer["load_ms"], _ = milliseconds(
        lambda: database.execute(
            "CREATE TABLE models AS SELECT * FROM read_csv(?, header = true)", [sys.argv[1]]
        )
    )
    for name, query in QUERIES.items():
        rounds = [milliseconds(lambda: database.execute(query).fetchnumpy()) for _ in range(RUNS)]
        answer[name] = statistics.median(took for took, _ in rounds)
        rows = rounds[0][1]
        answer[name.replace("_ms", "_rows")] = len(next(iter(rows.values())))
        if name == "rank_ms":
            answer["first"] = str(rows["model"][0])
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
