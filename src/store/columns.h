#pragma once

// The columns of the tables, in the order in which RecordWriter binds and RecordReader reads them.
namespace wattfor::columns {

inline constexpr char machine[] =
    "hostname, cpu, logical_cpus, memory_bytes, kernel, virtualisation";
inline constexpr char setup[] = "id, label, device, runtime, runtime_version, precision, threads";
inline constexpr char model[] = "name, input_size, sha256, file";
inline constexpr char source[] = "file, sha256, licence, origin";

inline constexpr char measurement[] =
    "id, name, started_at, wattfor_version, outcome, reason, machine, source, "
    "duration_s, scope, basis, "
    "energy_j, energy_low_j, energy_high_j, comparison_low_j, comparison_high_j, "
    "net_energy_j, net_energy_low_j, net_energy_high_j, net_comparison_low_j, "
    "net_comparison_high_j, has_command, exit_status, "
    // Of a cell.
    "setup, model, cell_key, batch_size, protocol, replicates, seed, "
    // Of its result.
    "energy_per_image_j, energy_per_image_low_j, energy_per_image_high_j, "
    "comparison_per_image_low_j, comparison_per_image_high_j, "
    "net_energy_per_image_j, net_energy_per_image_low_j, net_energy_per_image_high_j, "
    "net_comparison_per_image_low_j, net_comparison_per_image_high_j, "
    "throughput_per_s, latency_ms, precision_reached, memory_bytes, "
    "published_mean_j, published_standard_deviation_j, published_standard_error_j, "
    "published_low_j, published_high_j, published_batches, "
    // Of a run whose program marked them.
    "steps";

// Of a setup and a model.
inline constexpr char figure[] =
    "basis, batch_size, energy_per_image_j, energy_per_image_low_j, energy_per_image_high_j, "
    "comparison_per_image_low_j, comparison_per_image_high_j, throughput_per_s, latency_ms";
// Of a model and a counter.
inline constexpr char model_statistic[] = "parameters, macs, activations";
// Which training run, and what is stated of it.
inline constexpr char training_key[] =
    "task, dataset, model, device, device_count, batch_size, epochs, data_fraction, "
    "pretrain_dataset";
inline constexpr char training_run[] =
    "year, gflops_per_forward, parameters, pretrain_energy_j, train_energy_j, finetune_energy_j, "
    "test_energy_j, metric, accuracy_percent";

inline constexpr char setting[] = "measurement, name, value";
inline constexpr char replicate[] =
    "measurement, position, duration_s, batches, energy_j, net_energy_j";
inline constexpr char component[] =
    "measurement, position, name, kind, basis, in_total, "
    "energy_j, energy_low_j, energy_high_j, comparison_low_j, comparison_high_j, "
    "net_energy_j, net_energy_low_j, net_energy_high_j, net_comparison_low_j, "
    "net_comparison_high_j, average_power_w, peak_power_w, idle_power_w, assumption, "
    "shared_with";
inline constexpr char gap[] = "component, position, start_s, duration_s, reason";
inline constexpr char condition[] =
    "measurement, position, device, utilisation_percent, memory_bytes, temperature_c, clock_mhz, "
    "clock_minimum_mhz, power_limit_w";
inline constexpr char throttled[] = "condition, reason, duration_s";
inline constexpr char context[] =
    "measurement, others_cpu_percent, cgroup, container, cpu_quota_cpus, memory_limit_bytes, "
    "tasks_on_node, allowed_cpus, allowed_cpu_count, numa_nodes, allowed_numa_nodes, "
    "scaling_driver, governor, turbo, smt, package_temperature_c, slowed_by_heat_s, "
    "times_slowed_by_heat, power_supply";
inline constexpr char job[] = "measurement, name, value";
inline constexpr char other_program[] =
    "measurement, position, name, pid, component, cpu_percent, memory_bytes, use";
inline constexpr char training[] =
    "measurement, model, task, dataset, phase, epochs_total, data_fraction, batch_size, metric, "
    "accuracy_percent";
inline constexpr char built_on[] = "measurement, position, run, uses";
inline constexpr char marked_window[] =
    "measurement, position, kind, name, epoch, start_s, duration_s, steps, ended, basis, "
    "energy_j, energy_low_j, energy_high_j, comparison_low_j, comparison_high_j, "
    "net_energy_j, net_energy_low_j, net_energy_high_j, net_comparison_low_j, "
    "net_comparison_high_j";
inline constexpr char window_component[] =
    "marked_window, position, name, basis, "
    "energy_j, energy_low_j, energy_high_j, comparison_low_j, comparison_high_j";
inline constexpr char accuracy[] = "model, input_size, test_set, top1_percent, top5_percent";
inline constexpr char checkpoint[] =
    "id, pid, process_start_ticks, boot_id, pid_namespace, saved_s, record";
inline constexpr char checkpoint_window[] = "checkpoint, position, record";

}  // namespace wattfor::columns
