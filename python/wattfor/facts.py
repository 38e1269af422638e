"""Facts of a training as the library takes them, words and values, and what can't be is refused."""

from __future__ import annotations

import operator
from typing import Any

from . import _core

Facts = list[tuple[str, str]]

_MOST_EPOCHS = 10**9
_MOST_STEPS = 10**15
_TEXTS = ("model", "dataset", "task", "phase", "metric")
_WHOLE = ("epochs_total", "batch_size")
_NUMBERS = ("data_fraction", "accuracy", "accuracy_percent")


def facts_of(facts: dict[str, Any]) -> Facts:
    """Facts as the library takes them, words and values; refused where one can't be."""
    told: Facts = []
    for word, value in facts.items():
        if value is None:
            continue
        if word in _TEXTS:
            told.append((word, text_of(word, value)))
        elif word in _WHOLE:
            told.append((word, str(operator.index(value))))
        elif word == "builds_on":
            runs = [value] if isinstance(value, str) else value
            told += [(word, text_of(word, each)) for each in runs]
        elif word in _NUMBERS:
            told.append((word, repr(_number(word, value))))
        else:
            told.append((word, str(value)))  # refused below, with the words that there are
    _core.facts(told)
    return told


def epoch_number(number: int | None) -> int | None:
    """ValueError for one that can't be, TypeError for what is no number."""
    if number is None:
        return None
    whole = operator.index(number)
    if not 0 <= whole <= _MOST_EPOCHS:
        raise ValueError(f"an epoch's number is from 0 to {_MOST_EPOCHS}, not {whole}")
    return whole


def text_of(what: str, value: object) -> str:
    """As the library takes it: what is not UTF-8 (of a file's name, say) is "?". TypeError for what is
    no text."""
    if not isinstance(value, str):
        raise TypeError(f"{what} is a str, not {type(value).__name__}")
    return utf8(value)


def utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def step_count(total: int | None) -> int | None:
    """ValueError for one that can't be, TypeError for what is no number."""
    if total is None:
        return None
    whole = operator.index(total)
    if not 0 <= whole <= _MOST_STEPS:
        raise ValueError(f"steps count from 0 to {_MOST_STEPS}, not {whole}")
    return whole


def _number(word: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{word} is a number, not {value!r}") from None
