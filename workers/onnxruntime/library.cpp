#include "workers/onnxruntime/library.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/log.h"

namespace wattfor::ort {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> environment_variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

// The entries whose name begins with `prefix`, sorted; none where the folder can't be read.
std::vector<fs::path> entries(const fs::path& folder, const std::string& prefix) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().filename().string().starts_with(prefix)) found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> libraries_in(const fs::path& virtual_environment) {
  std::vector<std::string> found;
  for (const fs::path& python : entries(virtual_environment / "lib", "python3")) {
    const fs::path folder = python / "site-packages" / "onnxruntime" / "capi";
    for (const fs::path& library : entries(folder, "libonnxruntime.so")) {
      found.push_back(library.string());
    }
  }
  return found;
}

constexpr const char* how_to_get_it =
    "Get it with `python3 -m venv .venv && .venv/bin/python -m pip install onnxruntime` in the "
    "working folder, or name it with --runtime-library PATH or $WATTFOR_ONNXRUNTIME.";

std::pair<std::string, SharedLibrary> open_first(const LibraryPlaces& places) {
  for (const auto& named : {places.given, places.environment}) {
    if (!named) continue;
    try {
      return {*named, SharedLibrary(*named)};
    } catch (const Error& error) {
      throw Error(ErrorCode::unsupported,
                  fmt::format("{}; expected ONNX Runtime's libonnxruntime.so. {}", error.what(),
                              how_to_get_it));
    }
  }
  std::string failures;  // of libraries that are there
  for (const fs::path& environment : places.virtual_environments) {
    for (const std::string& library : libraries_in(environment)) {
      try {
        return {library, SharedLibrary(library)};
      } catch (const Error& error) {
        failures += fmt::format("; {}", error.what());
      }
    }
  }
  for (const std::string& name : places.system_names) {
    try {
      return {name, SharedLibrary(name)};
    } catch (const Error& error) {  // mostly: it is not installed
      log(LogLevel::info, error.what());
    }
  }
  std::string looked_in;
  for (const fs::path& each : places.virtual_environments) looked_in += each.string() + ", ";
  throw Error(ErrorCode::unsupported,
              fmt::format("ONNX Runtime's library libonnxruntime.so was not found (looked in {}the "
                          "system's libraries{}). {}",
                          looked_in, failures, how_to_get_it));
}

}  // namespace

LibraryPlaces usual_places(const std::optional<std::string>& given) {
  LibraryPlaces places{.given = given,
                       .environment = environment_variable("WATTFOR_ONNXRUNTIME"),
                       .virtual_environments = {}};
  auto& environments = places.virtual_environments;
  if (const auto active = environment_variable("VIRTUAL_ENV")) environments.emplace_back(*active);
  std::error_code unknown;
  if (const fs::path here = fs::current_path(unknown); !unknown) {
    environments.push_back(here / ".venv");
  }
  constexpr int levels = 3;
  fs::path folder = fs::read_symlink("/proc/self/exe", unknown).parent_path();
  // Installed by pip, the program lies in an environment's bin.
  if (folder.filename() == "bin") environments.push_back(folder.parent_path());
  for (int level = 0; level < levels && folder.has_relative_path(); ++level) {
    environments.push_back(folder / ".venv");
    folder = folder.parent_path();
  }
  return places;
}

Library::Library(const LibraryPlaces& places) : Library(open_first(places)) {}

Library::Library(std::pair<std::string, SharedLibrary> opened)
    : path_(std::move(opened.first)), library_(std::move(opened.second)) {
  auto* get_base = library_.symbol<OrtGetApiBase>("OrtGetApiBase");
  if (get_base == nullptr) {
    throw Error(ErrorCode::unsupported,
                fmt::format("the library '{}' is not ONNX Runtime: it has no OrtGetApiBase. Name "
                            "libonnxruntime.so with --runtime-library PATH",
                            path_));
  }
  const OrtApiBase* base = get_base();
  version_ = base->GetVersionString();
  for (std::uint32_t version = newest_api; version >= oldest_api && api_ == nullptr; --version) {
    api_ = base->GetApi(version);
    api_version_ = version;
  }
  if (api_ == nullptr) {
    throw Error(ErrorCode::unsupported,
                fmt::format("the library '{}' is ONNX Runtime {}, too old for wattfor, which needs "
                            "1.5 or later: `python3 -m pip install --upgrade onnxruntime`",
                            path_, version_));
  }
}

}  // namespace wattfor::ort
