#include "cli/worker_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "measurement/json.h"

namespace wattfor::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* usual_mode = "eager";

// "channels_last=true" → "channels-last", "spinning=false" → "no-spinning", "x=3" → "x-3"
std::string part_of_name(std::string key, const nlohmann::json& value) {
  std::ranges::replace(key, '_', '-');
  if (value.is_boolean()) return value.get<bool>() ? key : "no-" + key;
  return fmt::format("{}-{}", key, value.is_string() ? value.get<std::string>() : value.dump());
}

void append(std::string& variant, const std::string& part) {
  if (!variant.empty()) variant += '-';
  variant += part;
}

}  // namespace

std::vector<std::string> worker_command(const std::string& worker) {
  const fs::path self = fs::read_symlink("/proc/self/exe");
  if (worker == "onnxruntime" || worker == "null") return {self.string(), "worker", worker};
  const std::string name = "wattfor-worker-" + worker;
  const fs::path folder = self.parent_path();
  for (const fs::path& place :
       {folder / name, folder.parent_path() / "share" / "wattfor" / "workers" / worker / name}) {
    if (fs::exists(place)) return {place.string()};
  }
  return {name};
}

LoadOptions load_options(const std::optional<std::string>& mode,
                         const std::vector<std::string>& words,
                         const std::optional<std::string>& runtime_library) {
  nlohmann::json options = nlohmann::json::object();
  for (const std::string& word : words) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw Error(ErrorCode::usage, fmt::format("--worker-option: '{}' is no KEY=VALUE, e.g. "
                                                "channels_last=true",
                                                word));
    }
    const std::string key = word.substr(0, equals);
    const std::string text = word.substr(equals + 1);
    const auto parsed = nlohmann::json::parse(text, nullptr, false);
    const bool is_new =
        options.emplace(key, parsed.is_discarded() ? nlohmann::json(text) : parsed).second;
    if (!is_new || key == "mode" || key == "runtime_library") {
      throw Error(ErrorCode::usage,
                  fmt::format("--worker-option: '{}' {}", key,
                              is_new ? "has an option of its own: --mode, --runtime-library"
                                     : "is given twice"));
    }
  }
  LoadOptions chosen;
  if (mode && *mode != usual_mode) append(chosen.variant, *mode);
  for (const auto& [key, value] : options.items()) {
    append(chosen.variant, part_of_name(key, value));
  }
  if (mode) options["mode"] = *mode;
  if (runtime_library) options["runtime_library"] = fs::absolute(*runtime_library).string();
  chosen.json = dump(options);
  return chosen;
}

}  // namespace wattfor::cli
