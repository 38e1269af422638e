// The server's JSON answers (docs/api.md).

export interface SetupEntry {
  readonly id: string;
  readonly label: string;
  readonly device: string;
  readonly runtime: string;
  readonly precision: string;
  readonly models: number;
  readonly is_own: boolean;
}

export interface TestSetEntry {
  readonly name: string;
  readonly models: number;
}

export interface Catalogue {
  readonly version: string;
  readonly wattfor: string;
  readonly live: boolean;
  readonly setups: readonly SetupEntry[];
  readonly test_sets: readonly TestSetEntry[];
  readonly default_test_set: string | null;
  readonly counters: readonly string[];
  readonly training_runs: number;
  readonly batch_curves: number;
}
