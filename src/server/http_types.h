#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "server/event_queue.h"
#include "units/quantity.h"

// What the transport and what answers know of each other: plain values, no sockets.
namespace wattfor {

enum class HttpMethod { get, head, other };

// The parts of a request's head that matter here, as they came. Absent ones are empty.
struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  std::string target;  // "/api/v1/rank?top=3"
  std::string host;
  std::string origin;
  std::string authorization;
  std::string cookie;
  std::string accept_encoding;
  std::string if_none_match;
  std::string fetch_site = {};  // Sec-Fetch-Site: where a browser says that the question came from
};

// Bytes that outlive whoever sends them: of the program itself, or owned with others.
class SharedBytes {
 public:
  SharedBytes() = default;
  explicit SharedBytes(std::string text)
      : owner_(std::make_shared<const std::string>(std::move(text))), view_(*owner_) {}
  // What is in the program's own data.
  static SharedBytes of_program(std::string_view bytes) {
    SharedBytes result;
    result.view_ = bytes;
    return result;
  }

  std::string_view view() const { return view_; }

 private:
  std::shared_ptr<const std::string> owner_;
  std::string_view view_;
};

enum class Caching {
  revalidate,  // kept, but asked for again each time (304 where it is the same)
  forever,     // the content's hash is in the name
  none,
};

// What is answered, before the request's own wishes (HEAD, gzip, an ETag that is known).
struct ServedAnswer {
  int status = 200;
  std::string content_type;
  SharedBytes body;
  SharedBytes gzip;  // the same compressed; empty where that is no smaller
  std::string etag;  // with its quotes; empty: none
  Caching caching = Caching::none;
  std::vector<std::pair<std::string, std::string>> headers = {};  // further ones
  Seconds kept_for{0.0};  // of the machine: so long it is what others are given, too
};

using SharedAnswer = std::shared_ptr<const ServedAnswer>;

// Where a job is done: what takes milliseconds does not wait for what takes a second, and neither
// for what asks the machine, whose sensors and meters may take ten.
enum class Lane { quick, slow, machine };
inline constexpr std::size_t lanes = 3;

// An answer that must be computed first. Jobs of one key are the same: who asks while one is under
// way gets its answer.
struct HttpJob {
  std::string key;
  Lane lane = Lane::quick;
  std::function<SharedAnswer()> work;      // on a thread of its lane; must not throw
  std::function<void(SharedAnswer)> done;  // on the transport's thread
};

using HttpReply = std::variant<SharedAnswer, HttpJob, std::shared_ptr<EventQueue>>;

// Decides on requests. Called on the transport's thread, and must be quick.
using HttpHandler = std::function<HttpReply(const HttpRequest&)>;

}  // namespace wattfor
