-- What the program of a run told of its training, and the windows (epochs among them) that it marked.

ALTER TABLE measurement ADD COLUMN steps INTEGER;

CREATE TABLE training (
  measurement INTEGER PRIMARY KEY REFERENCES measurement,
  model TEXT NOT NULL,
  task TEXT NOT NULL,
  dataset TEXT NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('training', 'pre-training', 'fine-tuning', 'testing')),
  epochs_total INTEGER,
  data_fraction REAL,
  batch_size INTEGER,
  metric TEXT NOT NULL,
  accuracy_percent REAL
) STRICT;

-- The runs that a training builds on, by the ids of their records, which may lie in another store.
CREATE TABLE built_on (
  measurement INTEGER NOT NULL REFERENCES training,
  position INTEGER NOT NULL,
  run TEXT NOT NULL,
  uses REAL,
  PRIMARY KEY (measurement, position)
) STRICT, WITHOUT ROWID;

-- In the order in which they were told of; `start_s` counts from the run's begin.
CREATE TABLE marked_window (
  number INTEGER PRIMARY KEY,
  measurement INTEGER NOT NULL REFERENCES measurement,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('startup', 'epoch', 'between', 'named')),
  name TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  start_s REAL,
  duration_s REAL,
  steps INTEGER,
  ended INTEGER NOT NULL,
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
  UNIQUE (measurement, position)
) STRICT;

CREATE TABLE window_component (
  marked_window INTEGER NOT NULL REFERENCES marked_window,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  basis TEXT NOT NULL CHECK (basis IN ('measured', 'modelled', 'simulated', 'missing')),
  energy_j REAL,
  energy_low_j REAL,
  energy_high_j REAL,
  comparison_low_j REAL,
  comparison_high_j REAL,
  PRIMARY KEY (marked_window, position)
) STRICT, WITHOUT ROWID;

-- The windows of a measurement that still runs, as JSON; written once more where one ends. Replaced
-- and removed with their checkpoint.
CREATE TABLE checkpoint_window (
  checkpoint TEXT NOT NULL,
  position INTEGER NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (checkpoint, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER training_no_update BEFORE UPDATE ON training
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER training_no_delete BEFORE DELETE ON training
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER built_on_no_update BEFORE UPDATE ON built_on
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER built_on_no_delete BEFORE DELETE ON built_on
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER marked_window_no_update BEFORE UPDATE ON marked_window
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER marked_window_no_delete BEFORE DELETE ON marked_window
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER window_component_no_update BEFORE UPDATE ON window_component
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER window_component_no_delete BEFORE DELETE ON window_component
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
