#include "workers/onnxruntime/onnxruntime_backend.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.h"
#include "workers/onnxruntime/library.h"
#include "workers/onnxruntime/memory.h"
#include "workers/onnxruntime/random_tensor.h"
#include "workers/onnxruntime/session.h"

namespace wattfor {
namespace {

using nlohmann::json;
using protocol::Failed;
using protocol::FailureKind;

// Of what is available; the rest is for the other processes and the page tables.
constexpr double share_of_memory = 0.9;
// Address space that a thread reserves and mostly never touches: its stack and malloc's arena.
constexpr std::uint64_t reserved_per_thread = std::uint64_t{144} << 20;

[[noreturn]] void unsupported(const std::string& message) {
  throw Error(ErrorCode::unsupported, message);
}

template <class Value>
std::optional<Value> option(const json& options, const char* key) {
  const auto found = options.find(key);
  if (found == options.end()) return std::nullopt;
  try {
    return found->get<Value>();
  } catch (const json::exception&) {
    throw Error(ErrorCode::usage,
                fmt::format("the load option '{}' can't be {}", key, found->dump()));
  }
}

// Not std::thread::hardware_concurrency(), which counts all of the machine's: a scheduler's job
// that was given 4 of 64 would have 64 threads spin on them.
int usable_processors() {
  cpu_set_t processors;
  if (::sched_getaffinity(0, sizeof processors, &processors) == 0) return CPU_COUNT(&processors);
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

struct Optimization {
  std::string_view name;
  ort::OrtGraphOptimizationLevel level;
};
constexpr Optimization optimizations[] = {
    {"disabled", ort::OrtGraphOptimizationLevel::disabled},
    {"basic", ort::OrtGraphOptimizationLevel::basic},
    {"extended", ort::OrtGraphOptimizationLevel::extended},
    {"all", ort::OrtGraphOptimizationLevel::all},
};

Optimization optimization_in(const json& options) {
  const std::string name = option<std::string>(options, "graph_optimization").value_or("all");
  for (const Optimization& each : optimizations) {
    if (each.name == name) return each;
  }
  throw Error(ErrorCode::usage,
              fmt::format("the load option 'graph_optimization' can't be '{}'; it is disabled, "
                          "basic, extended or all",
                          name));
}

// The library's own messages for these name no remedy.
void check_readable(const std::string& model) {
  std::error_code unknown;
  if (!std::filesystem::exists(model, unknown)) {
    throw Error(ErrorCode::not_found,
                fmt::format("the model file '{}' is not there; check the path", model));
  }
  if (!std::filesystem::is_regular_file(model, unknown) || !std::ifstream(model)) {
    throw Error(
        ErrorCode::permission_denied,
        fmt::format("the model '{}' can't be read; expected an ONNX file, not a folder, that "
                    "this user may read",
                    model));
  }
}

// Where the model leaves more than the batch free, the sizes come from the load option
// `dimensions`, by the dimension's name or by "input.index".
void fix_dimensions(ort::TensorInput& input, const json& sizes) {
  if (!ort::element_type(input.type)) {
    unsupported(
        fmt::format("its input '{}' holds text or another type that random values can't be "
                    "made for (ONNX element type {})",
                    input.name, static_cast<int>(input.type)));
  }
  if (input.shape.empty()) {
    unsupported(
        fmt::format("its input '{}' is a single number or has no known shape; expected the "
                    "batch as its first dimension. Export the model with its shapes",
                    input.name));
  }
  for (std::size_t i = 1; i < input.shape.size(); ++i) {
    if (input.shape[i] >= 0) continue;
    const std::string& name = input.dimension_names[i];
    const std::string place = fmt::format("{}.{}", input.name, i);
    for (const std::string& key : {place, name}) {
      if (!key.empty() && sizes.contains(key)) {
        input.shape[i] = option<std::int64_t>(sizes, key.c_str()).value_or(-1);
      }
    }
    if (input.shape[i] < 1) {
      unsupported(fmt::format(
          "its input '{}' leaves dimension {}{} free, and wattfor chooses the batch alone, the "
          "first dimension. Export the model with this dimension fixed, or give its size in the "
          "load option dimensions, e.g. {{\"{}\": 224}}",
          input.name, i, name.empty() ? "" : fmt::format(" ('{}')", name), place));
    }
  }
}

std::vector<std::int64_t> shape_for(const ort::TensorInput& input, int batch) {
  std::vector<std::int64_t> shape = input.shape;
  if (shape[0] >= 0 && shape[0] != batch) {
    unsupported(
        fmt::format("the model's input '{}' has a fixed batch of {}, not {}; measure it "
                    "with --batch-sizes {}, or export it with a free first dimension",
                    input.name, shape[0], batch, shape[0]));
  }
  shape[0] = batch;
  return shape;
}

// Throws std::bad_alloc where so many are not to be had.
std::size_t bytes_of(std::span<const std::int64_t> shape, std::size_t element_bytes) {
  std::size_t bytes = element_bytes;
  for (const std::int64_t size : shape) {
    if (__builtin_mul_overflow(bytes, static_cast<std::size_t>(size), &bytes)) {
      throw std::bad_alloc();
    }
  }
  if (bytes > ort::available_memory().value_or(bytes)) throw std::bad_alloc();
  return bytes;
}

class OnnxRuntimeBackend final : public Backend {
 public:
  protocol::HelloReply hello() const override {
    // The model file decides on the precision; the name is checked where the inputs tell.
    return {.worker = "onnxruntime",
            .version = WATTFOR_VERSION,
            .devices = {"cpu"},
            .precisions = {"fp32", "fp16", "int8"}};
  }

  std::variant<protocol::Loaded, Failed> load(const protocol::Load& load) override {
    unload();
    check_request(load);
    const json options = json::parse(load.options_json);
    const auto places = ort::usual_places(option<std::string>(options, "runtime_library"));
    try {
      library_.emplace(places);
    } catch (const Error& error) {
      return Failed{FailureKind::unavailable, error.what()};
    }
    try {
      open_session(load, options);
    } catch (const ort::CallFailed& failure) {
      return explained(load.model, failure);
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("the model '{}': {}", load.model, error.what()));
    }
    return protocol::Loaded{.inputs = describe_inputs(), .settings_json = settings_.dump()};
  }

  std::optional<Failed> prepare(int batch) override {
    if (batch == prepared_batch_) return std::nullopt;
    drop_inputs();
    try {
      make_inputs(batch);
    } catch (const std::bad_alloc&) {
      drop_inputs();
      return Failed{FailureKind::out_of_memory,
                    fmt::format("no memory for the inputs of a batch of {}", batch)};
    }
    prepared_batch_ = batch;
    largest_batch_ = std::max(largest_batch_, batch);
    return std::nullopt;
  }

  std::optional<Failed> run_batch() override {
    try {
      session_->run(value_pointers_);
      return std::nullopt;
    } catch (const ort::CallFailed& failure) {
      const auto kind = failure.out_of_memory() ? FailureKind::out_of_memory : FailureKind::error;
      return Failed{kind, fmt::format("a batch of {}: {}", prepared_batch_, failure.what())};
    }
  }

  // The process's peak: of a larger batch, where one ran before.
  std::optional<double> memory_bytes() const override {
    return prepared_batch_ == largest_batch_ ? ort::peak_memory() : std::nullopt;
  }

 private:
  static void check_request(const protocol::Load& load) {
    if (load.device != "cpu") {
      unsupported(
          fmt::format("the worker onnxruntime has no device '{}'; it has: cpu", load.device));
    }
    check_readable(load.model);
  }

  void open_session(const protocol::Load& load, const json& options) {
    const Optimization optimization = optimization_in(options);
    const ort::SessionSettings wanted{
        .threads = load.threads > 0 ? load.threads : usable_processors(),
        .spinning = option<bool>(options, "spinning").value_or(true),
        .optimization = optimization.level};
    // Once with room for the threads to start, then for what they have left.
    bound_memory(reserved_per_thread * static_cast<std::uint64_t>(wanted.threads));
    session_.emplace(library_->api(), load.model, wanted);
    bound_memory(0);

    inputs_ = session_->inputs();
    if (inputs_.empty())
      unsupported("it has no inputs; expected one whose first dimension is the batch");
    const json sizes = option<json>(options, "dimensions").value_or(json::object());
    for (ort::TensorInput& input : inputs_) {
      fix_dimensions(input, sizes);
      if (input.type == ort::OrtElementType::float16 && load.precision == "fp32") {
        unsupported(
            fmt::format("its input '{}' is float16; measure it with --precision fp16", input.name));
      }
    }
    seed_ = load.seed;
    settings_ = {{"runtime", "ONNX Runtime"},
                 {"runtime_version", library_->version()},
                 {"runtime_library", library_->path()},
                 {"execution_provider", "CPUExecutionProvider"},
                 {"graph_optimization", optimization.name},
                 {"intra_op_threads", wanted.threads},
                 {"inter_op_threads", 1},
                 {"intra_op_spinning", wanted.spinning},
                 {"random_inputs", "uniform"}};
  }

  static void bound_memory(std::uint64_t reserve) {
    if (const auto available = ort::available_memory()) {
      const double share = share_of_memory * static_cast<double>(*available);
      ort::limit_address_space_growth(static_cast<std::uint64_t>(share) + reserve);
    }
  }

  Failed explained(const std::string& model, const ort::CallFailed& failure) const {
    if (failure.out_of_memory()) {
      return {FailureKind::out_of_memory,
              fmt::format("loading the model '{}': {}", model, failure.what())};
    }
    // An empty file is valid protobuf, of an empty model.
    const bool no_onnx =
        failure.ort_code() == ort::OrtErrorCode::invalid_protobuf ||
        std::string_view(failure.what()).find("No graph was found") != std::string_view::npos;
    if (no_onnx) {
      return {FailureKind::error,
              fmt::format("the model file '{}' is damaged or not ONNX; expected a whole ONNX file. "
                          "Copy it again or export it again (ONNX Runtime says: {})",
                          model, failure.what())};
    }
    const bool unknown_operator = failure.code() == ErrorCode::unsupported;
    return {unknown_operator ? FailureKind::unsupported : FailureKind::error,
            fmt::format("ONNX Runtime {} can't load the model '{}'; export it again, or for this "
                        "version, or upgrade with `python3 -m pip install --upgrade onnxruntime` "
                        "(ONNX Runtime says: {})",
                        library_->version(), model, failure.what())};
  }

  std::vector<protocol::Input> describe_inputs() const {
    std::vector<protocol::Input> described;
    for (const ort::TensorInput& input : inputs_) {
      protocol::Input each;
      each.name = input.name;
      each.type = ort::element_type(input.type)->name;
      for (const std::int64_t size : input.shape) {
        each.shape.push_back(size < 0 ? std::nullopt : std::optional(size));
      }
      described.push_back(std::move(each));
    }
    return described;
  }

  void make_inputs(int batch) {
    std::uint64_t seed = seed_;
    for (const ort::TensorInput& input : inputs_) {
      const auto shape = shape_for(input, batch);
      const std::size_t bytes = bytes_of(shape, ort::element_type(input.type)->bytes);
      buffers_.push_back(std::make_unique_for_overwrite<std::byte[]>(bytes));
      const std::span<std::byte> data(buffers_.back().get(), bytes);
      ort::fill_random(data, input.type, seed++);
      values_.push_back(session_->tensor(input, shape, data));
      value_pointers_.push_back(values_.back().get());
    }
  }

  void drop_inputs() {
    prepared_batch_ = 0;
    value_pointers_.clear();
    values_.clear();
    buffers_.clear();
  }

  void unload() {
    drop_inputs();
    inputs_.clear();
    session_.reset();
    library_.reset();
  }

  std::optional<ort::Library> library_;
  std::optional<ort::Session> session_;
  std::vector<ort::TensorInput> inputs_;  // with every dimension but the batch fixed
  std::uint64_t seed_ = 0;
  json settings_;

  int prepared_batch_ = 0;  // 0: none
  int largest_batch_ = 0;   // of this process
  std::vector<std::unique_ptr<std::byte[]>> buffers_;
  std::vector<ort::Owned<ort::OrtValue>> values_;
  std::vector<const ort::OrtValue*> value_pointers_;
};

}  // namespace

std::unique_ptr<Backend> make_onnxruntime_backend() {
  return std::make_unique<OnnxRuntimeBackend>();
}

}  // namespace wattfor
