#include "workers/null/null_backend.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>

#include "base/clock.h"
#include "base/error.h"
#include "units/quantity.h"

namespace wattfor {
namespace {

double batch_seconds_in(const std::string& options_json) {
  const auto options = nlohmann::json::parse(options_json);
  const auto found = options.find("batch_seconds");
  if (found == options.end()) return 0.001;
  if (!found->is_number() || found->get<double>() < 0.0 || found->get<double>() > 60.0) {
    throw Error(ErrorCode::usage, "the option batch_seconds should be a number from 0 to 60");
  }
  return found->get<double>();
}

class NullBackend final : public Backend {
 public:
  protocol::HelloReply hello() const override {
    return {
        .worker = "null", .version = WATTFOR_VERSION, .devices = {"cpu"}, .precisions = {"fp32"}};
  }

  std::variant<protocol::Loaded, protocol::Failed> load(const protocol::Load& load) override {
    batch_length_ = Seconds(batch_seconds_in(load.options_json));
    protocol::Loaded loaded;
    loaded.settings_json = nlohmann::json{{"batch_seconds", batch_length_.count()}}.dump();
    return loaded;
  }

  std::optional<protocol::Failed> prepare(int /*batch*/) override { return std::nullopt; }

  // Spins, because a sleep is late by as much as the overhead that is looked for.
  std::optional<protocol::Failed> run_batch() override {
    const Instant begin = clock_.now();
    while (clock_.now() - begin < batch_length_) {
    }
    return std::nullopt;
  }

 private:
  SystemClock clock_;
  Seconds batch_length_{};
};

}  // namespace

std::unique_ptr<Backend> make_null_backend() { return std::make_unique<NullBackend>(); }

}  // namespace wattfor
