#include "bench/protocol.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"

namespace wattfor::protocol {
namespace {

using Json = nlohmann::json;

// Deeper than any message; a bound, because writing a value back out recurses.
constexpr int deepest_nesting = 32;

// ASCII only, so that a message about garbage is not garbage itself.
std::string quote(std::string_view line) {
  constexpr std::size_t shown = 80;
  const std::string beginning =
      Json(line.substr(0, shown)).dump(-1, ' ', true, Json::error_handler_t::replace);
  return line.size() > shown ? beginning + "…" : beginning;
}

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::invalid_input, reason);
}

// The fields of one message. Each getter refuses a value of another type by the field's name.
class Fields {
 public:
  Fields(std::string message, const Json& object) : message_(std::move(message)), object_(object) {
    if (!object.is_object()) refuse(fmt::format("\"{}\" should hold an object", message_));
  }

  bool has(const char* key) const { return object_.contains(key); }

  std::string text(const char* key) const { return text_of(at(key), key); }

  std::int64_t whole(const char* key, std::int64_t least) const {
    return whole_of(at(key), key, least);
  }

  double amount(const char* key) const {
    const Json& value = at(key);
    if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() < 0) {
      wrong(key, "a number, not negative");
    }
    return value.get<double>();
  }

  bool truth(const char* key) const {
    if (!at(key).is_boolean()) wrong(key, "true or false");
    return at(key).get<bool>();
  }

  std::string object(const char* key) const {
    if (!at(key).is_object()) wrong(key, "an object");
    return at(key).dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  std::vector<std::string> texts(const char* key) const {
    std::vector<std::string> result;
    for (const Json& value : list(key)) result.push_back(text_of(value, key));
    return result;
  }

  std::vector<std::int64_t> wholes(const char* key, std::int64_t least) const {
    std::vector<std::int64_t> result;
    for (const Json& value : list(key)) result.push_back(whole_of(value, key, least));
    return result;
  }

  std::int64_t whole_of(const Json& value, const char* key, std::int64_t least) const {
    constexpr auto greatest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool fits = value.is_number_unsigned() ? value.get<std::uint64_t>() <= greatest
                                                 : value.is_number_integer();
    if (!fits || value.get<std::int64_t>() < least) {
      wrong(key, fmt::format("a whole number, at least {}", least));
    }
    return value.get<std::int64_t>();
  }

  const Json& list(const char* key) const {
    if (!at(key).is_array()) wrong(key, "a list");
    return at(key);
  }

  std::uint64_t seed(const char* key) const {
    if (!at(key).is_number_unsigned()) wrong(key, "a whole number, not negative");
    return at(key).get<std::uint64_t>();
  }

  [[noreturn]] void wrong(const char* key, std::string_view expected) const {
    refuse(fmt::format("\"{}\" of \"{}\" should be {}", key, message_, expected));
  }

 private:
  const Json& at(const char* key) const {
    const auto found = object_.find(key);
    if (found == object_.end()) refuse(fmt::format("\"{}\" has no \"{}\"", message_, key));
    return *found;
  }

  std::string text_of(const Json& value, const char* key) const {
    if (!value.is_string()) wrong(key, "text");
    return value.get<std::string>();
  }

  std::string message_;
  const Json& object_;
};

// The message's name and body; a line may carry keys that a later version knows.
std::pair<std::string, Json> message_in(const Json& line, const std::vector<const char*>& names) {
  if (!line.is_object()) refuse("it is no JSON object");
  const char* found = nullptr;
  for (const char* name : names) {
    if (!line.contains(name)) continue;
    if (found != nullptr) refuse(fmt::format("it is both \"{}\" and \"{}\"", found, name));
    found = name;
  }
  if (found == nullptr) refuse(fmt::format("it is none of: {}", fmt::join(names, ", ")));
  return {found, line.at(found)};
}

Json parse_json(std::string_view line) {
  if (line.size() > longest_line) refuse(fmt::format("it is longer than {} bytes", longest_line));
  const auto bound_depth = [](int depth, Json::parse_event_t, Json&) {
    if (depth > deepest_nesting) refuse("it is nested too deeply");
    return true;
  };
  try {
    return Json::parse(line, bound_depth);
  } catch (const Json::exception&) {
    refuse("it is not JSON");
  }
}

template <class Parse>
auto explained(std::string_view what, std::string_view line, Parse parse) {
  try {
    return parse(parse_json(line));
  } catch (const Error& error) {
    throw Error(error.code(),
                fmt::format("{} {} is not understood: {}", what, quote(line), error.what()));
  }
}

Load load_of(const Fields& fields) {
  Load load;
  load.model = fields.text("model");
  if (fields.has("device")) load.device = fields.text("device");
  if (fields.has("precision")) load.precision = fields.text("precision");
  if (fields.has("threads")) {
    load.threads = static_cast<int>(std::min<std::int64_t>(fields.whole("threads", 0), 1 << 20));
  }
  if (fields.has("seed")) load.seed = fields.seed("seed");
  if (fields.has("options")) load.options_json = fields.object("options");
  return load;
}

Run run_of(const Fields& fields) {
  const std::int64_t batch = fields.whole("batch", 1);
  if (batch > std::numeric_limits<int>::max()) fields.wrong("batch", "below 2^31");
  Run run{.batch = static_cast<int>(batch)};
  if (fields.has("warm_up")) run.warm_up = fields.truth("warm_up");
  if (fields.has("min_batches")) run.min_batches = fields.whole("min_batches", 1);
  if (fields.has("min_seconds")) run.min_seconds = fields.amount("min_seconds");
  if (fields.has("max_seconds")) run.max_seconds = fields.amount("max_seconds");
  return run;
}

Request request_of(const Json& line) {
  const auto [name, body] = message_in(line, {"hello", "list", "load", "run", "stop", "quit"});
  const Fields fields(name, body);
  if (name == "hello") {
    const std::int64_t protocol = fields.whole("protocol", 1);
    return Hello{
        static_cast<int>(std::min<std::int64_t>(protocol, std::numeric_limits<int>::max()))};
  }
  if (name == "list") return List{fields.text("models")};
  if (name == "load") return load_of(fields);
  if (name == "run") return run_of(fields);
  if (name == "stop") return Stop{};
  return Quit{};
}

HelloReply hello_of(const Fields& fields) {
  if (fields.has("protocol") && fields.whole("protocol", 1) > version) {
    throw Error(ErrorCode::unsupported,
                fmt::format("the worker speaks protocol {}, this wattfor protocol {}; use a worker "
                            "for protocol {} or a newer wattfor",
                            fields.whole("protocol", 1), version, version));
  }
  return {.worker = fields.text("worker"),
          .version = fields.text("version"),
          .devices = fields.texts("devices"),
          .precisions = fields.texts("precisions"),
          .catalogues =
              fields.has("catalogues") ? fields.texts("catalogues") : std::vector<std::string>{}};
}

Loaded loaded_of(const Fields& fields) {
  Loaded loaded;
  loaded.seconds = fields.amount("seconds");
  for (const Json& entry : fields.list("inputs")) {
    const Fields each("inputs", entry);
    Input input;
    input.name = each.text("name");
    input.type = each.text("type");
    for (const Json& size : each.list("shape")) {
      if (size.is_null()) {
        input.shape.emplace_back();
      } else if (size.is_number_integer()) {
        input.shape.emplace_back(each.whole_of(size, "shape", 0));
      } else {
        each.wrong("shape", "a list of whole numbers and, for free dimensions, null");
      }
    }
    loaded.inputs.push_back(std::move(input));
  }
  if (fields.has("settings")) loaded.settings_json = fields.object("settings");
  return loaded;
}

Batches batches_of(const Fields& fields) {
  Batches batches{.count = fields.wholes("count", 1), .end_ns = fields.wholes("end_ns", 0)};
  if (batches.count.size() != batches.end_ns.size()) {
    refuse(fmt::format("\"batches\" has {} counts and {} times", batches.count.size(),
                       batches.end_ns.size()));
  }
  return batches;
}

constexpr std::array failure_kinds{FailureKind::out_of_memory, FailureKind::unsupported,
                                   FailureKind::unavailable, FailureKind::error};

Failed failed_of(const Fields& fields) {
  const std::string name = fields.text("kind");
  for (const FailureKind kind : failure_kinds) {
    if (name == name_of(kind)) return {.kind = kind, .message = fields.text("message")};
  }
  fields.wrong("kind", "out_of_memory, unsupported, unavailable or error");
}

Reply reply_of(const Json& line) {
  const auto [name, body] =
      message_in(line, {"hello", "listed", "loaded", "started", "batches", "finished", "failed"});
  const Fields fields(name, body);
  if (name == "hello") return hello_of(fields);
  if (name == "listed") return Listed{fields.texts("models")};
  if (name == "loaded") return loaded_of(fields);
  if (name == "started") return Started{fields.whole("t_ns", 0)};
  if (name == "batches") return batches_of(fields);
  if (name == "failed") return failed_of(fields);
  Finished finished;
  if (fields.has("memory_bytes")) finished.memory_bytes = fields.amount("memory_bytes");
  return finished;
}

Json json_of(const Hello& hello) { return {{"hello", {{"protocol", hello.protocol}}}}; }

Json json_of(const List& list) { return {{"list", {{"models", list.models}}}}; }

Json json_of(const Load& load) {
  return {{"load",
           {{"model", load.model},
            {"device", load.device},
            {"precision", load.precision},
            {"threads", load.threads},
            {"seed", load.seed},
            {"options", parse_json(load.options_json)}}}};
}

Json json_of(const Run& run) {
  if (run.warm_up) return {{"run", {{"batch", run.batch}, {"warm_up", true}}}};
  Json body{
      {"batch", run.batch}, {"min_batches", run.min_batches}, {"min_seconds", run.min_seconds}};
  if (run.max_seconds > 0) body["max_seconds"] = run.max_seconds;
  return {{"run", std::move(body)}};
}

Json json_of(const Stop&) { return {{"stop", Json::object()}}; }

Json json_of(const Quit&) { return {{"quit", Json::object()}}; }

Json json_of(const HelloReply& hello) {
  Json body{{"protocol", version},
            {"worker", hello.worker},
            {"version", hello.version},
            {"devices", hello.devices},
            {"precisions", hello.precisions}};
  if (!hello.catalogues.empty()) body["catalogues"] = hello.catalogues;
  return {{"hello", std::move(body)}};
}

Json json_of(const Listed& listed) { return {{"listed", {{"models", listed.models}}}}; }

Json json_of(const Loaded& loaded) {
  Json inputs = Json::array();
  for (const Input& input : loaded.inputs) {
    Json shape = Json::array();
    for (const auto& size : input.shape) shape.push_back(size ? Json(*size) : Json());
    inputs.push_back({{"name", input.name}, {"shape", shape}, {"type", input.type}});
  }
  return {{"loaded",
           {{"inputs", std::move(inputs)},
            {"seconds", loaded.seconds},
            {"settings", parse_json(loaded.settings_json)}}}};
}

Json json_of(const Started& started) { return {{"started", {{"t_ns", started.t_ns}}}}; }

Json json_of(const Batches& batches) {
  return {{"batches", {{"count", batches.count}, {"end_ns", batches.end_ns}}}};
}

Json json_of(const Finished& finished) {
  Json body = Json::object();
  if (finished.memory_bytes) body["memory_bytes"] = *finished.memory_bytes;
  return {{"finished", std::move(body)}};
}

Json json_of(const Failed& failed) {
  return {{"failed", {{"kind", name_of(failed.kind)}, {"message", failed.message}}}};
}

Json json_of_any(const auto& message) {
  return std::visit([](const auto& each) { return json_of(each); }, message);
}

}  // namespace

std::string line_of(const Request& request) {
  try {
    return json_of_any(request).dump();
  } catch (const Json::exception&) {
    // JSON is UTF-8; a replaced byte would name another file.
    throw Error(ErrorCode::invalid_input,
                "a worker's request can't carry a name that is not UTF-8; rename the model file");
  }
}

std::string line_of(const Reply& reply) {
  return json_of_any(reply).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Request parse_request(std::string_view line) { return explained("the request", line, request_of); }

Reply parse_reply(std::string_view line) { return explained("the reply", line, reply_of); }

std::string_view name_of(FailureKind kind) {
  switch (kind) {
    case FailureKind::out_of_memory:
      return "out_of_memory";
    case FailureKind::unsupported:
      return "unsupported";
    case FailureKind::unavailable:
      return "unavailable";
    case FailureKind::died:
      return "died";
    case FailureKind::error:
      break;
  }
  return "error";
}

}  // namespace wattfor::protocol
