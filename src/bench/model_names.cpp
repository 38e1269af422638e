#include "bench/model_names.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <system_error>
#include <utility>
#include <variant>

#include "base/error.h"
#include "bench/protocol.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

std::string known_catalogues(const protocol::HelloReply& hello) {
  if (hello.catalogues.empty()) return "it takes model files alone";
  return fmt::format("it has: {}", fmt::join(hello.catalogues, ", "));
}

std::vector<std::string> listed(Worker& worker, const std::string& catalogue,
                                const std::string& name) {
  const protocol::HelloReply& hello = worker.hello();
  if (std::ranges::find(hello.catalogues, catalogue) == hello.catalogues.end()) {
    throw Error(ErrorCode::unsupported,
                fmt::format("{}: no such model file, and the worker {} knows no models as '{}:'; "
                            "{}",
                            name, hello.worker, catalogue, known_catalogues(hello)));
  }
  auto answer = worker.list({name});
  if (const auto* failure = std::get_if<WorkerFailure>(&answer)) {
    const bool wrong_name = failure->kind == protocol::FailureKind::error;
    throw Error(wrong_name ? ErrorCode::invalid_input : ErrorCode::unsupported, failure->message);
  }
  auto& models = std::get<protocol::Listed>(answer).models;
  const bool sound = std::ranges::all_of(models, [&](const std::string& model) {
    return model.size() > catalogue.size() + 1 && model.starts_with(catalogue + ":");
  });
  if (models.empty() || !sound) {
    throw Error(
        ErrorCode::invalid_input,
        fmt::format("{}: expected names of the catalogue '{}' from the worker {}, got {}", name,
                    catalogue, hello.worker, models.empty() ? "none" : "others among them"));
  }
  return std::move(models);
}

}  // namespace

std::optional<std::string> catalogue_of(const fs::path& model) {
  const std::string text = model.string();
  const auto colon = text.find(':');
  // One letter before a colon is a drive to those who come from elsewhere.
  if (colon == std::string::npos || colon < 2 || colon + 1 == text.size()) return std::nullopt;
  std::string catalogue = text.substr(0, colon);
  const bool word = std::ranges::all_of(catalogue, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  std::error_code error;
  if (!word || fs::exists(model, error)) return std::nullopt;
  return catalogue;
}

std::vector<fs::path> named_models(const std::vector<fs::path>& models,
                                   const WorkerFactory& start_worker) {
  std::vector<fs::path> named;
  named.reserve(models.size());
  const auto add = [&named](const fs::path& model) {
    if (std::ranges::find(named, model) == named.end()) named.push_back(model);
  };
  std::unique_ptr<Worker> worker;
  for (const fs::path& model : models) {
    const auto catalogue = catalogue_of(model);
    if (!catalogue) {
      named.push_back(model);
      continue;
    }
    if (!worker) worker = start_worker();
    for (const std::string& name : listed(*worker, *catalogue, model.string())) add(name);
  }
  return named;
}

}  // namespace wattfor
