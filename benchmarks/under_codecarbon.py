"""Runs a command under CodeCarbon's tracker: under_codecarbon.py PERIOD_S COMMAND …

Offline, nothing kept: no figure leaves the machine.
"""

import subprocess
import sys

from codecarbon import OfflineEmissionsTracker

period_s, *command = sys.argv[1:]
tracker = OfflineEmissionsTracker(
    country_iso_code="FRA",
    measure_power_secs=int(period_s),
    save_to_file=False,
    save_to_api=False,
    allow_multiple_runs=True,
    log_level="error",
)
tracker.start()
status = subprocess.run(command).returncode
tracker.stop()
sys.exit(status)
