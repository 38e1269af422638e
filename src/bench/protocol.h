#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The worker protocol, version 1 (docs/worker-protocol.md): JSON objects, one a line. This file is
// its one definition in C++, for both ends.
namespace wattfor::protocol {

inline constexpr int version = 1;
// In bytes, without the newline; a longer line is a fault of the sender.
inline constexpr std::size_t longest_line = std::size_t{1} << 20;

// Requests, wattfor → worker.
struct Hello {
  int protocol = version;
};
// Which models a name stands for that the worker knows by itself: "timm:resnet50", "timm:resnet*".
struct List {
  std::string models;
};
struct Load {
  std::string model;
  std::string device = "cpu";
  std::string precision = "fp32";
  int threads = 0;
  std::uint64_t seed = 0;
  std::string options_json = "{}";  // what else the worker takes, as a JSON object
};
struct Run {
  int batch = 1;
  bool warm_up = false;
  std::int64_t min_batches = 1;
  double min_seconds = 0.0;
  double max_seconds = 0.0;  // 0: no bound
};
struct Stop {};
struct Quit {};
using Request = std::variant<Hello, List, Load, Run, Stop, Quit>;

// Replies, worker → wattfor.
struct HelloReply {
  std::string worker;
  std::string version;
  std::vector<std::string> devices;
  std::vector<std::string> precisions;
  // Of models that need no file: "timm" takes "timm:NAME". Only their names are asked for by List.
  std::vector<std::string> catalogues = {};
};
struct Listed {
  std::vector<std::string> models;  // each as Load takes it
};
struct Input {
  std::string name;
  std::vector<std::optional<std::int64_t>> shape;  // absent: free; the first is the batch
  std::string type;                                // "float32"
};
struct Loaded {
  std::vector<Input> inputs;
  double seconds = 0.0;
  std::string settings_json = "{}";  // what affects energy: spinning, optimisation level, library
};
struct Started {
  std::int64_t t_ns = 0;
};
struct Batches {
  std::vector<std::int64_t> count;
  std::vector<std::int64_t> end_ns;
};
struct Finished {
  std::optional<double> memory_bytes;
};
enum class FailureKind {
  out_of_memory,
  unsupported,
  unavailable,  // the runtime itself: whatever the model, it can't be loaded
  error,
  died,  // nothing that a worker says of itself: it crashed, hung, or broke the protocol
};
struct Failed {
  FailureKind kind = FailureKind::error;
  std::string message;
};
using Reply = std::variant<HelloReply, Listed, Loaded, Started, Batches, Finished, Failed>;

// Without the newline at the end. A request whose model's name is not UTF-8 can't be said in JSON:
// throws Error{invalid_input}.
std::string line_of(const Request& request);
std::string line_of(const Reply& reply);

// Throw Error{invalid_input} that quotes the beginning of a line that is not a message of this
// protocol, and says what is wrong with it. A worker's hello with a higher protocol number is
// Error{unsupported} and names both numbers; a request's is serve()'s to refuse.
Request parse_request(std::string_view line);
Reply parse_reply(std::string_view line);

std::string_view name_of(FailureKind kind);

}  // namespace wattfor::protocol
