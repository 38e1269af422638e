-- What surrounded a measurement, who else is in a component's energy, and for how long a device was
-- slowed down. Records of the first schema have none of it.

ALTER TABLE component ADD COLUMN shared_with TEXT NOT NULL DEFAULT '';

-- For how long a device was slowed down in the window, by reason, where its driver counts that.
CREATE TABLE throttled (
  condition INTEGER NOT NULL REFERENCES condition,
  reason TEXT NOT NULL,
  duration_s REAL,
  PRIMARY KEY (condition, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE context (
  measurement INTEGER PRIMARY KEY REFERENCES measurement,
  others_cpu_percent REAL,
  cgroup TEXT NOT NULL,
  container TEXT NOT NULL,
  cpu_quota_cpus REAL,
  memory_limit_bytes REAL,
  tasks_on_node INTEGER,
  allowed_cpus TEXT NOT NULL,
  allowed_cpu_count INTEGER NOT NULL,
  numa_nodes INTEGER NOT NULL,
  allowed_numa_nodes INTEGER NOT NULL,
  scaling_driver TEXT NOT NULL,
  governor TEXT NOT NULL,
  turbo INTEGER,
  smt INTEGER,
  package_temperature_c REAL,
  slowed_by_heat_s REAL,
  times_slowed_by_heat INTEGER,
  power_supply TEXT NOT NULL
) STRICT;

-- What a scheduler or launcher says of the job: SLURM_JOB_ID, RANK.
CREATE TABLE job (
  measurement INTEGER NOT NULL REFERENCES context,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (measurement, name)
) STRICT, WITHOUT ROWID;

-- Programs besides the measured one whose energy is in a figure.
CREATE TABLE other_program (
  measurement INTEGER NOT NULL REFERENCES context,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  pid INTEGER NOT NULL,
  component TEXT NOT NULL,
  cpu_percent REAL,
  memory_bytes REAL,
  use TEXT NOT NULL CHECK (use IN ('compute', 'graphics', 'unknown')),
  PRIMARY KEY (measurement, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER throttled_no_update BEFORE UPDATE ON throttled
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER throttled_no_delete BEFORE DELETE ON throttled
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER context_no_update BEFORE UPDATE ON context
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER context_no_delete BEFORE DELETE ON context
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER job_no_update BEFORE UPDATE ON job
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER job_no_delete BEFORE DELETE ON job
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER other_program_no_update BEFORE UPDATE ON other_program
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER other_program_no_delete BEFORE DELETE ON other_program
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
