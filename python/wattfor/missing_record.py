"""What stands in for the record of a run of which there is none."""

from __future__ import annotations

from typing import Any

_FIGURES = ("energy_j", "energy_low_j", "energy_high_j", "comparison_low_j", "comparison_high_j")


def missing_record(name: str, why: str, facts: dict[str, Any]) -> dict[str, Any]:
    """A record's keys, with nothing measured; `why` is its reason and its warning."""
    figures = dict.fromkeys([*_FIGURES, *(f"net_{each}" for each in _FIGURES)])
    total = {**figures, "scope": "", "basis": "missing"}
    return {
        "id": "",
        "name": name,
        "started_at": "",
        "outcome": "failed",
        "reason": why,
        "warnings": [why],
        "energy": {"duration_s": 0.0, "components": [], "total": total, "conditions": []},
        "training": facts,
        "windows": [],
        "steps": None,
    }
