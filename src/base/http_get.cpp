#include "base/http_get.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <utility>

#include "base/curl_api.h"
#include "base/error.h"
#include "base/pipe_signal.h"
#include "base/shared_library.h"

namespace wattfor {
namespace {

// A body on its way in.
struct Body {
  std::string text;
  std::size_t most = 0;
  bool too_long = false;
};

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* data) {
  auto& body = *static_cast<Body*>(data);
  const std::size_t length = size * count;
  if (length > body.most - body.text.size()) {
    body.too_long = true;
    return 0;
  }
  body.text.append(bytes, length);
  return length;
}

SharedLibrary first_library(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    try {
      return SharedLibrary(name);
    } catch (const Error&) {
      continue;  // the next name
    }
  }
  throw Error(
      ErrorCode::not_found,
      fmt::format("asking over HTTP takes libcurl, of which there is none here ({}): install "
                  "the package libcurl4",
                  fmt::join(names, ", ")));
}

}  // namespace

// The library while it is open, shared by all that ask through it.
class HttpGet::Curl {
 public:
  explicit Curl(const std::vector<std::string>& names) : library_(first_library(names)) {
    for (const bool there :
         {resolve(init, "curl_easy_init"), resolve(set, "curl_easy_setopt"),
          resolve(perform, "curl_easy_perform"), resolve(get_info, "curl_easy_getinfo"),
          resolve(cleanup, "curl_easy_cleanup"), resolve(explain, "curl_easy_strerror")}) {
      if (!there) throw Error(ErrorCode::unsupported, "this libcurl lacks its easy interface");
    }
    decltype(curl_global_init)* begin = nullptr;
    if (!resolve(begin, "curl_global_init") || begin(curl_global_all) != curl_ok) {
      throw Error(ErrorCode::unsupported, "libcurl did not begin its work");
    }
  }

  // Opened once and never closed again: a thread that hangs in it, or one of its own that looks a
  // name up, may outlive all else.
  static const Curl& opened(const std::vector<std::string>& names) {
    static std::mutex opening;
    static auto* const all = new std::map<std::vector<std::string>, Curl>;
    const std::lock_guard lock(opening);
    return all->try_emplace(names, names).first->second;
  }

  decltype(curl_easy_init)* init = nullptr;
  decltype(curl_easy_setopt)* set = nullptr;
  decltype(curl_easy_perform)* perform = nullptr;
  decltype(curl_easy_getinfo)* get_info = nullptr;
  decltype(curl_easy_cleanup)* cleanup = nullptr;
  decltype(curl_easy_strerror)* explain = nullptr;

 private:
  template <class Function>
  bool resolve(Function*& target, const char* name) const {
    target = library_.symbol<Function>(name);
    return target != nullptr;
  }

  SharedLibrary library_;
};

class HttpGet::Handle {
 public:
  explicit Handle(const Curl& library) : curl(library), easy(library.init()) {
    if (easy == nullptr) throw Error(ErrorCode::io, "libcurl is out of memory");
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { curl.cleanup(easy); }

  void set(int option, long value) const { curl.set(easy, option, value); }
  void set(int option, const void* value) const { curl.set(easy, option, value); }

  const Curl& curl;
  void* const easy;
};

HttpGet::HttpGet(HttpOptions options, const std::vector<std::string>& libraries)
    : options_(std::move(options)), handle_(std::make_unique<Handle>(Curl::opened(libraries))) {
  const Handle& handle = *handle_;
  handle.set(curl_option_protocols, curl_protocols_http_and_https);
  handle.set(curl_option_follow_location, 0L);
  handle.set(curl_option_proxy, "");
  handle.set(curl_option_user_agent, "wattfor");
  // Timeouts must not come by a signal, which is the whole program's.
  handle.set(curl_option_no_signal, 1L);
  handle.set(curl_option_quick_exit, 1L);  // which older versions do not know, and ignore
  handle.set(curl_option_verify_peer, options_.any_certificate ? 0L : 1L);
  handle.set(curl_option_verify_host, options_.any_certificate ? 0L : 2L);
  handle.set(curl_option_write_function, reinterpret_cast<const void*>(&take));
  if (options_.credentials) {
    handle.set(curl_option_http_auth, curl_auth_basic);
    handle.set(curl_option_user_name, options_.credentials->user.c_str());
    handle.set(curl_option_password, options_.credentials->password.c_str());
  }
}

HttpGet::~HttpGet() = default;

std::variant<HttpAnswer, HttpFailure> HttpGet::get(const std::string& address,
                                                   std::chrono::milliseconds at_most) {
  const Handle& handle = *handle_;
  // 0 would be for ever.
  const auto longest = std::max(std::min(at_most, options_.longest), std::chrono::milliseconds(1));
  handle.set(curl_option_timeout_ms, static_cast<long>(longest.count()));
  Body body{.text = {}, .most = options_.most_bytes};
  std::array<char, curl_error_size> words{};
  handle.set(curl_option_url, address.c_str());
  handle.set(curl_option_write_data, &body);
  handle.set(curl_option_error_buffer, words.data());
  const PipeSignalHeld held;  // TLS libraries write to sockets that may have been closed
  const int code = handle.curl.perform(handle.easy);
  handle.set(curl_option_error_buffer, static_cast<const void*>(nullptr));
  if (code == curl_ok) {
    long status = 0;
    handle.curl.get_info(handle.easy, curl_info_response_code, &status);
    return HttpAnswer{.status = static_cast<int>(status), .body = std::move(body.text)};
  }
  if (code == curl_write_failed && body.too_long) {
    return HttpFailure{HttpFailure::Kind::too_long,
                       fmt::format("its answer is longer than {} bytes", options_.most_bytes)};
  }
  const std::string reason =
      words[0] != '\0' ? std::string(words.data()) : handle.curl.explain(code);
  const bool untrusted =
      code == curl_certificate_refused || code == curl_certificate_refused_of_old;
  return HttpFailure{untrusted ? HttpFailure::Kind::untrusted : HttpFailure::Kind::unreachable,
                     reason};
}

}  // namespace wattfor
