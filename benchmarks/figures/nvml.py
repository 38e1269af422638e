"""What one sampling round over eight GPUs costs on top of a library that answers at once."""

from figures.program import answer_of
from figures.row import Row

MOST_ROUND_US = 50.0


def microseconds(times: dict) -> str:
    return f"{times['median_us']:.2f} µs (99 %: {times['percentile_99_us']:.2f})"


def measure(options) -> tuple[list[Row], dict]:
    answer = answer_of(options.folder / "nvml_round")
    title = f"NVML, one round of {answer['gpus']} fake GPUs"
    return [
        Row(
            f"{title}, {answer['sensors']} sensors",
            microseconds(answer["round"]),
            f"≤ {MOST_ROUND_US:.0f} µs",
            f"bare calls {microseconds(answer['library'])}, {answer['rounds']} rounds",
            answer["round"]["median_us"] <= MOST_ROUND_US,
        ),
        Row(f"{title}, their state() besides", microseconds(answer["state"]), "", "once a second"),
        Row(
            f"{title}, taken by a meter",
            microseconds(answer["meter"]),
            f"≤ {MOST_ROUND_US:.0f} µs",
            "the same readings and their curves",
            answer["meter"]["median_us"] <= MOST_ROUND_US,
        ),
    ], answer
