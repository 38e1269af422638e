-- The first schema. SI units; every quantity's name carries its unit. Unknown, and a number that is
-- not one, is NULL. `low` and `high` are the 95 % interval that holds everything that can be wrong,
-- `comparison_…` the one without what is common to all figures of a sensor. Lists keep their order in
-- `position`, from 0. The triggers at the end keep every record as it was written.

CREATE TABLE machine (
  number INTEGER PRIMARY KEY,
  hostname TEXT NOT NULL,
  cpu TEXT NOT NULL,
  logical_cpus INTEGER NOT NULL,
  memory_bytes REAL,
  kernel TEXT NOT NULL,
  virtualisation TEXT NOT NULL
) STRICT;
CREATE INDEX machine_hostname ON machine (hostname);

CREATE TABLE machine_device (
  machine INTEGER NOT NULL REFERENCES machine,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (machine, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE setup (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  label TEXT NOT NULL,
  device TEXT NOT NULL,
  runtime TEXT NOT NULL,
  runtime_version TEXT NOT NULL,
  precision TEXT NOT NULL,
  threads INTEGER NOT NULL,
  UNIQUE (id, label, device, runtime, runtime_version, precision, threads)
) STRICT;

CREATE TABLE model (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  input_size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  file TEXT NOT NULL,
  UNIQUE (name, input_size, sha256, file)
) STRICT;

-- An imported file.
CREATE TABLE source (
  number INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  UNIQUE (file, sha256)
) STRICT;

-- What one cell of a sweep or one run yielded. The columns from `setup` on belong to cells, those
-- from `energy_per_image_j` on to finished ones. A run has a command, and an `exit_status` only where
-- the command ended before its record did.
CREATE TABLE measurement (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  started_at TEXT NOT NULL,
  wattfor_version TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('done', 'skipped', 'failed', 'interrupted')),
  reason TEXT NOT NULL,
  machine INTEGER NOT NULL REFERENCES machine,
  source INTEGER REFERENCES source,
  duration_s REAL,
  scope TEXT NOT NULL,
  basis TEXT NOT NULL CHECK (basis IN ('measured', 'modelled', 'simulated', 'missing')),
  energy_j REAL,
  energy_low_j REAL,
  energy_high_j REAL,
  comparison_low_j REAL,
  comparison_high_j REAL,
  net_energy_j REAL,
  net_energy_low_j REAL,
  net_energy_high_j REAL,
  net_comparison_low_j REAL,
  net_comparison_high_j REAL,
  has_command INTEGER NOT NULL,
  exit_status INTEGER,
  setup INTEGER REFERENCES setup,
  model INTEGER REFERENCES model,
  cell_key TEXT,
  batch_size INTEGER,
  protocol TEXT,
  replicates INTEGER,
  seed INTEGER,
  energy_per_image_j REAL,
  energy_per_image_low_j REAL,
  energy_per_image_high_j REAL,
  comparison_per_image_low_j REAL,
  comparison_per_image_high_j REAL,
  net_energy_per_image_j REAL,
  net_energy_per_image_low_j REAL,
  net_energy_per_image_high_j REAL,
  net_comparison_per_image_low_j REAL,
  net_comparison_per_image_high_j REAL,
  throughput_per_s REAL,
  latency_ms REAL,
  precision_reached INTEGER,
  memory_bytes REAL,
  published_mean_j REAL,
  published_standard_deviation_j REAL,
  published_standard_error_j REAL,
  published_low_j REAL,
  published_high_j REAL,
  published_batches INTEGER
) STRICT;
CREATE INDEX measurement_cell_key ON measurement (cell_key);
CREATE INDEX measurement_setup ON measurement (setup);

-- The words of the command under `wattfor run`.
CREATE TABLE argument (
  measurement INTEGER NOT NULL REFERENCES measurement,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (measurement, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE warning (
  measurement INTEGER NOT NULL REFERENCES measurement,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (measurement, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  measurement INTEGER NOT NULL REFERENCES measurement,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (measurement, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE replicate (
  measurement INTEGER NOT NULL REFERENCES measurement,
  position INTEGER NOT NULL,
  duration_s REAL,
  batches INTEGER NOT NULL,
  energy_j REAL,
  net_energy_j REAL,
  PRIMARY KEY (measurement, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE component (
  number INTEGER PRIMARY KEY,
  measurement INTEGER NOT NULL REFERENCES measurement,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('cpu', 'dram', 'gpu', 'other')),
  basis TEXT NOT NULL CHECK (basis IN ('measured', 'modelled', 'simulated', 'missing')),
  in_total INTEGER NOT NULL,
  energy_j REAL,
  energy_low_j REAL,
  energy_high_j REAL,
  comparison_low_j REAL,
  comparison_high_j REAL,
  net_energy_j REAL,
  net_energy_low_j REAL,
  net_energy_high_j REAL,
  net_comparison_low_j REAL,
  net_comparison_high_j REAL,
  average_power_w REAL,
  peak_power_w REAL,
  idle_power_w REAL,
  assumption TEXT NOT NULL,
  UNIQUE (measurement, position)
) STRICT;

CREATE TABLE component_sensor (
  component INTEGER NOT NULL REFERENCES component,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (component, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE component_fault (
  component INTEGER NOT NULL REFERENCES component,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (component, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap (
  component INTEGER NOT NULL REFERENCES component,
  position INTEGER NOT NULL,
  start_s REAL,
  duration_s REAL,
  reason TEXT NOT NULL,
  PRIMARY KEY (component, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE condition (
  number INTEGER PRIMARY KEY,
  measurement INTEGER NOT NULL REFERENCES measurement,
  position INTEGER NOT NULL,
  device TEXT NOT NULL,
  utilisation_percent REAL,
  memory_bytes REAL,
  temperature_c REAL,
  clock_mhz REAL,
  clock_minimum_mhz REAL,
  UNIQUE (measurement, position)
) STRICT;

CREATE TABLE throttle_reason (
  condition INTEGER NOT NULL REFERENCES condition,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (condition, position)
) STRICT, WITHOUT ROWID;

-- The newest row of a (model, input_size, test_set) counts.
CREATE TABLE accuracy (
  number INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  input_size INTEGER NOT NULL,
  test_set TEXT NOT NULL,
  top1_percent REAL,
  top5_percent REAL,
  source INTEGER REFERENCES source
) STRICT;
CREATE INDEX accuracy_key ON accuracy (model, input_size, test_set);

-- Measurements that still run: the one table whose rows are replaced and removed. The record is JSON,
-- and the rest names the process that writes it.
CREATE TABLE checkpoint (
  id TEXT PRIMARY KEY,
  pid INTEGER NOT NULL,
  process_start_ticks INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  pid_namespace TEXT NOT NULL,
  saved_s REAL,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER machine_no_update BEFORE UPDATE ON machine
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER machine_no_delete BEFORE DELETE ON machine
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER machine_device_no_update BEFORE UPDATE ON machine_device
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER machine_device_no_delete BEFORE DELETE ON machine_device
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER setup_no_update BEFORE UPDATE ON setup
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER setup_no_delete BEFORE DELETE ON setup
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER model_no_update BEFORE UPDATE ON model
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER model_no_delete BEFORE DELETE ON model
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER source_no_update BEFORE UPDATE ON source
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER source_no_delete BEFORE DELETE ON source
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER measurement_no_update BEFORE UPDATE ON measurement
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER measurement_no_delete BEFORE DELETE ON measurement
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER argument_no_update BEFORE UPDATE ON argument
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER argument_no_delete BEFORE DELETE ON argument
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER warning_no_update BEFORE UPDATE ON warning
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER warning_no_delete BEFORE DELETE ON warning
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER setting_no_update BEFORE UPDATE ON setting
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER setting_no_delete BEFORE DELETE ON setting
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER replicate_no_update BEFORE UPDATE ON replicate
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER replicate_no_delete BEFORE DELETE ON replicate
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER component_no_update BEFORE UPDATE ON component
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER component_no_delete BEFORE DELETE ON component
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER component_sensor_no_update BEFORE UPDATE ON component_sensor
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER component_sensor_no_delete BEFORE DELETE ON component_sensor
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER component_fault_no_update BEFORE UPDATE ON component_fault
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER component_fault_no_delete BEFORE DELETE ON component_fault
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER gap_no_update BEFORE UPDATE ON gap
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER gap_no_delete BEFORE DELETE ON gap
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER condition_no_update BEFORE UPDATE ON condition
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER condition_no_delete BEFORE DELETE ON condition
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER throttle_reason_no_update BEFORE UPDATE ON throttle_reason
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER throttle_reason_no_delete BEFORE DELETE ON throttle_reason
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER accuracy_no_update BEFORE UPDATE ON accuracy
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER accuracy_no_delete BEFORE DELETE ON accuracy
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
