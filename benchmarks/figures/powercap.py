"""A powercap tree of two sockets with their DRAM, as the kernel's intel-rapl driver lays it out."""

from pathlib import Path

COUNTER_RANGE_UJ = 262_143_328_850


def make_powercap_tree(sysfs: Path) -> list[Path]:
    """Its four counter files."""
    counters = []
    for socket in range(2):
        package = sysfs / "class" / "powercap" / f"intel-rapl:{socket}"
        for zone, name in (
            (package, f"package-{socket}"),
            (package / f"intel-rapl:{socket}:0", "dram"),
        ):
            zone.mkdir(parents=True)
            (zone / "name").write_text(f"{name}\n")
            (zone / "max_energy_range_uj").write_text(f"{COUNTER_RANGE_UJ}\n")
            (zone / "energy_uj").write_text("10000000000\n")
            counters.append(zone / "energy_uj")
    return counters
