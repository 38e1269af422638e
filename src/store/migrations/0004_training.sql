-- What it took to train models, as others state it. Of one (task, dataset, model, device,
-- device_count, batch_size, epochs, data_fraction, pretrain_dataset) the newest row counts; what is
-- not stated is NULL, or an empty text.

CREATE TABLE training_run (
  number INTEGER PRIMARY KEY,
  task TEXT NOT NULL,
  dataset TEXT NOT NULL,
  model TEXT NOT NULL,
  device TEXT NOT NULL,
  device_count INTEGER,
  batch_size INTEGER,
  epochs REAL,
  data_fraction REAL,
  pretrain_dataset TEXT NOT NULL,
  year INTEGER,
  gflops_per_forward REAL,
  parameters REAL,
  pretrain_energy_j REAL,
  train_energy_j REAL,
  finetune_energy_j REAL,
  test_energy_j REAL,
  metric TEXT NOT NULL,
  accuracy_percent REAL,
  source INTEGER NOT NULL REFERENCES source
) STRICT;
CREATE INDEX training_run_key ON training_run (model, dataset, task);

CREATE TRIGGER training_run_no_update BEFORE UPDATE ON training_run
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER training_run_no_delete BEFORE DELETE ON training_run
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
