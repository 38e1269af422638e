-- What others published: figures of models in setups, and what programs counted in models. Of a
-- figure's (setup, model) and a count's (model, counter) the newest row counts.

ALTER TABLE source ADD COLUMN licence TEXT NOT NULL DEFAULT '';
ALTER TABLE source ADD COLUMN origin TEXT NOT NULL DEFAULT '';

CREATE TABLE figure (
  number INTEGER PRIMARY KEY,
  setup INTEGER NOT NULL REFERENCES setup,
  model INTEGER NOT NULL REFERENCES model,
  basis TEXT NOT NULL CHECK (basis IN ('measured', 'modelled')),
  batch_size INTEGER,
  energy_per_image_j REAL NOT NULL,
  energy_per_image_low_j REAL,
  energy_per_image_high_j REAL,
  comparison_per_image_low_j REAL,
  comparison_per_image_high_j REAL,
  throughput_per_s REAL,
  latency_ms REAL,
  source INTEGER NOT NULL REFERENCES source
) STRICT;
CREATE INDEX figure_key ON figure (setup, model);

CREATE TABLE model_statistic (
  number INTEGER PRIMARY KEY,
  model INTEGER NOT NULL REFERENCES model,
  counter TEXT NOT NULL,
  parameters REAL,
  macs REAL,
  activations REAL,
  source INTEGER NOT NULL REFERENCES source
) STRICT;
CREATE INDEX model_statistic_key ON model_statistic (model, counter);

CREATE TRIGGER figure_no_update BEFORE UPDATE ON figure
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER figure_no_delete BEFORE DELETE ON figure
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER model_statistic_no_update BEFORE UPDATE ON model_statistic
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
CREATE TRIGGER model_statistic_no_delete BEFORE DELETE ON model_statistic
BEGIN SELECT RAISE(ABORT, 'wattfor records are append-only'); END;
