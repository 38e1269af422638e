#include "sensor/nvml_visible.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.h"

namespace wattfor {
namespace {

enum class EntryForm { index, uuid, mig };

EntryForm form_of(std::string_view entry) {
  if (entry.starts_with("GPU-")) return EntryForm::uuid;
  if (entry.starts_with("MIG-")) return EntryForm::mig;
  return EntryForm::index;
}

std::vector<std::string_view> listed_entries(std::string_view list) {
  std::vector<std::string_view> entries;
  for (;;) {
    const auto comma = list.find(',');
    entries.push_back(trimmed(list.substr(0, comma)));
    if (comma == std::string_view::npos) return entries;
    list.remove_prefix(comma + 1);
  }
}

// What hides the GPUs on purpose: "NoDevFiles" is Slurm's word in a job without one.
bool ends_quietly(std::string_view entry) {
  return entry.empty() || entry.starts_with('-') || entry == "NoDevFiles";
}

std::optional<std::size_t> gpu_by_index(std::string_view entry, std::size_t count) {
  std::size_t index = 0;
  const auto [rest, error] = std::from_chars(entry.data(), entry.data() + entry.size(), index);
  if (error != std::errc() || index >= count) return std::nullopt;
  return index;
}

std::optional<std::size_t> gpu_by_uuid(std::string_view start, const std::vector<ListedGpu>& gpus) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    if (!gpus[i].uuid.starts_with(start)) continue;
    if (found) return std::nullopt;
    found = i;
  }
  return found;
}

std::optional<std::size_t> gpu_by_mig(std::string_view entry, const std::vector<ListedGpu>& gpus,
                                      const ParentOfMig& parent_of_mig) {
  constexpr std::string_view old_form = "MIG-GPU-";
  if (!entry.starts_with(old_form)) return parent_of_mig(std::string(entry));
  const std::string_view uuid = entry.substr(old_form.size() - 4);
  return gpu_by_uuid(uuid.substr(0, uuid.find('/')), gpus);
}

std::optional<std::size_t> gpu_of_entry(EntryForm form, std::string_view entry,
                                        const std::vector<ListedGpu>& gpus,
                                        const ParentOfMig& parent_of_mig) {
  switch (form) {
    case EntryForm::index:
      return gpu_by_index(entry, gpus.size());
    case EntryForm::uuid:
      return gpu_by_uuid(entry, gpus);
    case EntryForm::mig:
      break;
  }
  return gpu_by_mig(entry, gpus, parent_of_mig);
}

// What tells two entries apart: instances of one GPU are different devices, "0" and "00" are not.
std::string identity(EntryForm form, std::string_view entry, std::size_t gpu) {
  return form == EntryForm::mig ? std::string(entry) : fmt::format("{}", gpu);
}

// Why the list ends at this entry.
std::string names_nothing(std::string_view entry, bool form_differs, std::size_t gpus) {
  return fmt::format(
      "'{}' {} the {} NVIDIA GPU{} here; CUDA ends the list there, and what it leaves out is not "
      "in the total",
      entry, form_differs ? "is of another form than the first for" : "names none of", gpus,
      gpus == 1 ? "" : "s");
}

// The order matters where some of the GPUs are named and they are not all the same.
bool order_matters(const std::vector<bool>& visible, const std::vector<ListedGpu>& gpus) {
  const bool some = std::ranges::count(visible, true) > 0 && std::ranges::count(visible, false) > 0;
  return some && std::ranges::adjacent_find(gpus, std::ranges::not_equal_to{}, &ListedGpu::board) !=
                     gpus.end();
}

}  // namespace

VisibleGpus visible_gpus(const CudaEnvironment& cuda, const std::vector<ListedGpu>& gpus,
                         const ParentOfMig& parent_of_mig) {
  VisibleGpus result{.visible = std::vector<bool>(gpus.size(), !cuda.visible_devices)};
  if (!cuda.visible_devices) return result;
  const auto stumble = [&](std::string reason, const char* remedy) {
    result.obstacles.push_back(
        {"CUDA_VISIBLE_DEVICES=" + *cuda.visible_devices, std::move(reason), remedy});
  };
  const std::vector<std::string_view> entries = listed_entries(*cuda.visible_devices);
  const EntryForm form = form_of(entries.front());
  std::set<std::string> named;
  for (const std::string_view entry : entries) {
    if (ends_quietly(entry)) break;
    const bool form_differs = form_of(entry) != form;
    const auto gpu = form_differs ? std::nullopt : gpu_of_entry(form, entry, gpus, parent_of_mig);
    if (!gpu) {
      stumble(names_nothing(entry, form_differs, gpus.size()), "nvidia-smi -L");
      break;
    }
    if (!named.insert(identity(form, entry, *gpu)).second) {
      result.visible.assign(gpus.size(), false);
      stumble(fmt::format("'{}' is named twice, at which CUDA hides every GPU: none is in the "
                          "total",
                          entry),
              "nvidia-smi -L");
      break;
    }
    result.visible[*gpu] = true;
  }
  if (form == EntryForm::index && cuda.device_order != "PCI_BUS_ID" &&
      order_matters(result.visible, gpus)) {
    stumble(
        "boards of several kinds are here: CUDA numbers the fastest first and wattfor, like "
        "nvidia-smi, by the bus, so that an index may name another GPU than the one that is in "
        "the total",
        "export CUDA_DEVICE_ORDER=PCI_BUS_ID");
  }
  return result;
}

}  // namespace wattfor
