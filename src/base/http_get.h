#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace wattfor {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

struct HttpFailure {
  enum class Kind {
    unreachable,  // no such host, refused, broken off, not answered in time
    untrusted,    // a certificate that nobody vouches for, or of another host
    too_long,     // more than `most_bytes`
  };
  Kind kind = Kind::unreachable;
  std::string reason;  // libcurl's own words; holds no password
};

struct HttpCredentials {
  std::string user;
  std::string password;
};

struct HttpOptions {
  std::chrono::milliseconds longest{3000};  // from the begin to the last byte of the answer
  std::size_t most_bytes = 1 << 20;
  std::optional<HttpCredentials> credentials = std::nullopt;  // for basic authentication
  bool any_certificate = false;  // neither its issuer nor its name is checked
};

// Asks web servers, over http and https, through libcurl, which is opened at run time. It speaks
// with the host of the address alone: redirections are answers like any other, the environment's
// proxies are not asked. Connections are kept for the next question. Of one thread at a time.
class HttpGet {
 public:
  // Throws Error{not_found} where none of `libraries` is there, naming the package to install.
  explicit HttpGet(HttpOptions options, const std::vector<std::string>& libraries = {
                                            "libcurl.so.4", "libcurl-gnutls.so.4"});
  HttpGet(const HttpGet&) = delete;
  HttpGet& operator=(const HttpGet&) = delete;
  ~HttpGet();

  // An answer has a status, whichever it is. `address` holds no user and no password. `at_most`
  // bounds this question where that is less than the options' `longest`.
  std::variant<HttpAnswer, HttpFailure> get(
      const std::string& address,
      std::chrono::milliseconds at_most = std::chrono::milliseconds::max());

 private:
  class Curl;
  class Handle;

  HttpOptions options_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace wattfor
