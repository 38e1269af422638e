#include "workers/onnxruntime/onnxruntime_backend.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
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
#include "workers/onnxruntime/binding.h"
#include "workers/onnxruntime/input_shapes.h"
#include "workers/onnxruntime/library.h"
#include "workers/onnxruntime/memory.h"
#include "workers/onnxruntime/ort_call.h"
#include "workers/onnxruntime/provider.h"
#include "workers/onnxruntime/random_tensor.h"
#include "workers/onnxruntime/session.h"

namespace wattfor {
namespace {

using nlohmann::json;
using ort::option;
using protocol::Failed;
using protocol::FailureKind;

// Of what is available; the rest is for the other processes and the page tables.
constexpr double share_of_memory = 0.9;
// Address space that a thread reserves and mostly never touches: its stack and malloc's arena.
constexpr std::uint64_t reserved_per_thread = std::uint64_t{144} << 20;

constexpr std::array<std::string_view, 5> known_options{"dimensions", "graph_optimization", "mode",
                                                        "runtime_library", "spinning"};

// Not std::thread::hardware_concurrency(), which counts all of the machine's: a scheduler's job
// that was given 4 of 64 would have 64 threads spin on them.
int usable_processors() {
  cpu_set_t processors;
  if (::sched_getaffinity(0, sizeof processors, &processors) == 0) return CPU_COUNT(&processors);
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

// Whether NVIDIA's libraries may round the factors of single-precision products for tensor cores;
// they read it when they are opened, once in a process.
void allow_tf32(bool allowed) {
  ::setenv("NVIDIA_TF32_OVERRIDE", allowed ? "1" : "0", 1);  // NOLINT(concurrency-mt-unsafe)
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

class OnnxRuntimeBackend final : public Backend {
 public:
  protocol::HelloReply hello() const override {
    // The model file decides on the precision; the name is checked where the inputs tell. Which
    // devices there are shows when the library is opened.
    return {.worker = "onnxruntime",
            .version = WATTFOR_VERSION,
            .devices = {},
            .precisions = {"fp32", "tf32", "fp16", "int8"}};
  }

  std::variant<protocol::Loaded, Failed> load(const protocol::Load& load) override {
    unload();
    const json options = json::parse(load.options_json);
    if (auto refusal = refusal_of(load, options)) return std::move(*refusal);
    check_readable(load.model);
    const auto places = ort::usual_places(option<std::string>(options, "runtime_library"));
    try {
      library_.emplace(places);
    } catch (const Error& error) {
      return Failed{FailureKind::unavailable, error.what()};
    }
    if (provider_.on_gpu() && !library_->knows_gpus()) {
      return Failed{
          FailureKind::unavailable,
          fmt::format("ONNX Runtime {} is too old for the device '{}', which takes 1.11 or "
                      "later",
                      library_->version(), load.device)};
    }
    try {
      open_model(load, options);
    } catch (const ort::CallFailed& failure) {
      return explained(load.model, failure);
    } catch (const ort::ProviderUnavailable& error) {
      return Failed{FailureKind::unavailable, error.what()};
    } catch (const Error& error) {
      throw Error(error.code(), fmt::format("the model '{}': {}", load.model, error.what()));
    }
    return protocol::Loaded{.inputs = describe_inputs(), .settings_json = settings_.dump()};
  }

  std::optional<Failed> prepare(int batch) override {
    if (batch == prepared_batch_) return std::nullopt;
    drop_inputs();
    try {
      // An engine of TensorRT's is tuned for the shapes that it has seen: each size gets its own.
      if (provider_.kind == ort::ProviderKind::tensorrt && session_has_run_) open_session();
      make_inputs(batch);
      if (provider_.on_gpu()) bind_inputs();
    } catch (const std::bad_alloc&) {
      drop_inputs();
      return Failed{FailureKind::out_of_memory,
                    fmt::format("no memory for the inputs of a batch of {}", batch)};
    } catch (const ort::CallFailed& failure) {
      drop_inputs();
      return failed_batch(batch, failure);
    }
    prepared_batch_ = batch;
    largest_batch_ = std::max(largest_batch_, batch);
    return std::nullopt;
  }

  std::optional<Failed> run_batch() override {
    session_has_run_ = true;
    try {
      if (binding_) {
        binding_->run();
      } else {
        session_->run(value_pointers_);
      }
      return std::nullopt;
    } catch (const ort::CallFailed& failure) {
      return failed_batch(prepared_batch_, failure);
    }
  }

  // The process's peak: of a larger batch, where one ran before. Nothing of a GPU's memory, of
  // which the library says nothing.
  std::optional<double> memory_bytes() const override {
    if (provider_.on_gpu()) return std::nullopt;
    return prepared_batch_ == largest_batch_ ? ort::peak_memory() : std::nullopt;
  }

 private:
  static Failed failed_batch(int batch, const ort::CallFailed& failure) {
    const auto kind = failure.out_of_memory() ? FailureKind::out_of_memory : FailureKind::error;
    return {kind, fmt::format("a batch of {}: {}", batch, failure.what())};
  }

  // What this worker can't do whatever the model: the sweep ends.
  std::optional<Failed> refusal_of(const protocol::Load& load, const json& options) {
    const auto provider = ort::provider_of(load.device);
    if (!provider) {
      return Failed{FailureKind::unavailable,
                    fmt::format("the worker onnxruntime has no device '{}'; it has: cpu, cuda, "
                                "cuda:N, tensorrt, tensorrt:N",
                                load.device)};
    }
    provider_ = *provider;
    if (load.precision == "tf32" && !provider_.on_gpu()) {
      return Failed{FailureKind::unavailable, "tf32 is of NVIDIA's GPUs; on the CPU use fp32"};
    }
    for (const auto& [key, value] : options.items()) {
      if (std::ranges::find(known_options, key) == std::end(known_options)) {
        return Failed{FailureKind::unavailable,
                      fmt::format("the worker onnxruntime has no option '{}'; it has: {}", key,
                                  fmt::join(known_options, ", "))};
      }
    }
    const auto mode = option<std::string>(options, "mode").value_or("eager");
    if (mode != "eager") {
      return Failed{FailureKind::unavailable,
                    fmt::format("the worker onnxruntime has no mode '{}'; TensorRT is a device of "
                                "its: --device tensorrt",
                                mode)};
    }
    return std::nullopt;
  }

  void open_session() {
    session_.reset();
    session_.emplace(library_->api(), model_, session_settings_);
    session_has_run_ = false;
  }

  void open_model(const protocol::Load& load, const json& options) {
    const Optimization optimization = optimization_in(options);
    model_ = load.model;
    session_settings_ = {.threads = load.threads > 0 ? load.threads : usable_processors(),
                         .spinning = option<bool>(options, "spinning").value_or(true),
                         .optimization = optimization.level,
                         .provider = provider_,
                         .precision = load.precision};
    if (provider_.on_gpu()) {
      // The driver reserves address space by the terabyte: it is not limited.
      allow_tf32(load.precision == "tf32");
      open_session();
    } else {
      // Once with room for the threads to start, then for what they have left.
      bound_memory(reserved_per_thread * static_cast<std::uint64_t>(session_settings_.threads));
      open_session();
      bound_memory(0);
    }

    inputs_ = session_->inputs();
    if (inputs_.empty())
      throw Error(ErrorCode::unsupported,
                  "it has no inputs; expected one whose first dimension is the batch");
    const json sizes = option<json>(options, "dimensions").value_or(json::object());
    for (ort::TensorInput& input : inputs_) {
      ort::fix_dimensions(input, sizes);
      if (input.type == ort::OrtElementType::float16 && load.precision == "fp32") {
        throw Error(
            ErrorCode::unsupported,
            fmt::format("its input '{}' is float16; measure it with --precision fp16", input.name));
      }
    }
    seed_ = load.seed;
    settings_ = {{"runtime", "ONNX Runtime"},
                 {"runtime_version", library_->version()},
                 {"runtime_library", library_->path()},
                 {"execution_provider", ort::name_of(provider_.kind)},
                 {"graph_optimization", optimization.name},
                 {"intra_op_threads", session_settings_.threads},
                 {"inter_op_threads", 1},
                 {"intra_op_spinning", session_settings_.spinning},
                 {"random_inputs", "uniform"}};
    if (provider_.on_gpu()) {
      settings_["device_id"] = provider_.device;
      settings_["tf32_allowed"] = load.precision == "tf32";
      settings_["inputs_bound"] = "device";
    }
  }

  static void bound_memory(std::uint64_t reserve) {
    if (const auto available = ort::available_memory()) {
      const double share = share_of_memory * static_cast<double>(*available);
      ort::limit_address_space_growth(static_cast<std::uint64_t>(share) + reserve);
    }
  }

  Failed explained(const std::string& model, const ort::CallFailed& failure) const {
    if (failure.no_gpu()) {
      return {
          FailureKind::unavailable,
          fmt::format("ONNX Runtime can't use the GPU {}: {}; `nvidia-smi` shows those that are "
                      "there",
                      provider_.device, failure.what())};
    }
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
      const auto shape = ort::shape_for(input, batch);
      const std::size_t bytes = ort::bytes_of(shape, ort::element_type(input.type)->bytes);
      buffers_.push_back(std::make_unique_for_overwrite<std::byte[]>(bytes));
      const std::span<std::byte> data(buffers_.back().get(), bytes);
      ort::fill_random(data, input.type, seed++);
      values_.push_back(session_->tensor(input, shape, data));
      value_pointers_.push_back(values_.back().get());
    }
  }

  // On the device from now on; the host's copies go.
  void bind_inputs() {
    binding_.emplace(session_->bind(value_pointers_));
    value_pointers_.clear();
    values_.clear();
    buffers_.clear();
  }

  void drop_inputs() {
    prepared_batch_ = 0;
    binding_.reset();
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
  ort::Provider provider_;
  std::string model_;
  ort::SessionSettings session_settings_;
  std::optional<ort::Session> session_;
  bool session_has_run_ = false;
  std::vector<ort::TensorInput> inputs_;  // with every dimension but the batch fixed
  std::uint64_t seed_ = 0;
  json settings_;

  int prepared_batch_ = 0;  // 0: none
  int largest_batch_ = 0;   // of this process
  std::vector<std::unique_ptr<std::byte[]>> buffers_;
  std::vector<ort::Owned<ort::OrtValue>> values_;
  std::vector<const ort::OrtValue*> value_pointers_;
  std::optional<ort::Binding> binding_;  // on a GPU, in place of the values
};

}  // namespace

std::unique_ptr<Backend> make_onnxruntime_backend() {
  return std::make_unique<OnnxRuntimeBackend>();
}

}  // namespace wattfor
