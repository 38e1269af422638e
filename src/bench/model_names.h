#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bench/worker.h"

namespace wattfor {

// The catalogue that a model is of, "timm" of "timm:resnet50": the worker knows it by this name.
// Nothing where it is a file; one that has such a name is meant where it is there.
std::optional<std::string> catalogue_of(const std::filesystem::path& model);

// The models, where each name of a catalogue ("timm:resnet*") gives way to those that the
// worker says it stands for. A model that is there already is not there twice. A worker is started
// only where there is a name.
//
// Throws Error: unsupported where the worker has no such catalogue or can't list it, invalid_input
// where it lists none or something else; and what starting a worker throws.
std::vector<std::filesystem::path> named_models(const std::vector<std::filesystem::path>& models,
                                                const WorkerFactory& start_worker);

}  // namespace wattfor
