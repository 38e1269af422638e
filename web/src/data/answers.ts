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
  readonly problem?: string | null; // why the store can't be read any more
}

export interface BatchPoint {
  readonly batch_size: number;
  readonly energy_j: number;
  readonly comparison_low_j?: number | null;
  readonly comparison_high_j?: number | null;
  readonly throughput_per_s: number | null;
}

export interface BatchCurve {
  readonly setup: string;
  readonly model: string;
  readonly input_size: number;
  readonly points: readonly BatchPoint[];
  readonly best_batch_size: number;
}

export interface BatchCurves {
  readonly batch_curves: readonly BatchCurve[];
}

export interface TrainingRun {
  readonly task: string | null;
  readonly dataset: string | null;
  readonly model: string;
  readonly pretrain_dataset: string | null;
  readonly train_kwh: number | null;
  readonly accuracy_percent: number | null;
}

// What SAM compares: runs of one kind on like hardware.
export interface SamConditions {
  readonly task: string | null;
  readonly dataset: string | null;
  readonly metric: string | null;
  readonly device: string | null;
  readonly device_count: number | null;
  readonly batch_size: number | null;
}

export interface SamGroup extends SamConditions {
  readonly runs: readonly (TrainingRun & { readonly sam: number })[]; // the greatest first
  readonly left_out: readonly TrainingRun[];
}

export interface SamAlpha extends SamConditions {
  readonly alpha: number;
  readonly kendall: number | null; // between the orders at this and at the usual one
  readonly best_model: string;
}

// The same models trained under two conditions, such as "4 × NVIDIA V100 32GB, batch 8".
export interface ConditionPair {
  readonly task: string | null;
  readonly dataset: string | null;
  readonly a: string;
  readonly b: string;
  readonly models: number;
  readonly kendall: number | null; // between the two orders by electricity
  readonly mean_log10_ratio: number; // electricity under b to that under a
  readonly sd_log10_ratio: number;
}

export interface PretrainingGain {
  readonly with: TrainingRun;
  readonly without: TrainingRun;
  readonly accuracy_points: number;
  readonly electricity_factor: number;
}

export interface PhaseShares extends TrainingRun {
  readonly total_kwh: number | null;
  readonly pretrain_percent: number | null;
  readonly train_percent: number | null;
  readonly finetune_percent: number | null;
  readonly test_percent: number | null;
}

// Electricity over epochs or the share of the data, of runs that differ in that alone.
export interface TrainingLine {
  readonly task: string | null;
  readonly dataset: string | null;
  readonly model: string;
  readonly over: 'epochs' | 'data_fraction';
  readonly runs: number;
  readonly intercept_kwh: number;
  readonly slope_kwh: number;
  readonly slope_error_kwh: number;
  readonly mean_over: number; // of the epochs or shares of its runs
  readonly residual_sum_kwh2: number;
  readonly t_95: number; // standard deviations that hold 95 %
  readonly r_squared: number | null;
}

export interface Training {
  readonly sam: readonly SamGroup[];
  readonly sam_alpha: readonly SamAlpha[];
  readonly training_conditions: readonly ConditionPair[];
  readonly training_lines: readonly TrainingLine[];
  readonly training_phases: readonly PhaseShares[];
  readonly pretraining: readonly PretrainingGain[];
}

export interface FigureEntry {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly section: string;
}

export interface Findings {
  readonly figures: readonly FigureEntry[];
}

export interface Sensors {
  readonly host: {
    readonly hostname: string;
    readonly cpu: string;
    readonly kernel: string;
    readonly virtualisation: string | null;
  };
  readonly sensors: readonly {
    readonly id: string;
    readonly component: string;
    readonly device: string;
    readonly source: string;
    readonly basis: string;
    readonly kind: string;
    readonly unit: string;
    readonly in_total: boolean;
    readonly assumption: string | null;
    readonly power_limit_w: number | null;
    readonly update_period_s: number | null;
  }[];
  readonly obstacles: readonly {
    readonly what: string;
    readonly reason: string;
    readonly remedy: string | null;
  }[];
}
