#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "tracking/mark_socket.h"
#include "tracking/unix_address.h"

namespace wattfor {
namespace {

// The other side answers in microseconds; a machine that swaps may take longer.
constexpr std::chrono::seconds patience{5};

class Client {
 public:
  explicit Client(const std::filesystem::path& path)
      : path_(path.string()), fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const UnixAddress address(path);
    if (!fd_ || connect(fd_.get(), address.get(), address.size()) != 0) {
      if (errno == ENOENT || errno == ECONNREFUSED) {
        throw Error(ErrorCode::not_found,
                    fmt::format("the run that ${} names is over ({})", marks_variable, path_));
      }
      throw error_from_errno(
          errno, fmt::format("reaching the run that ${} names, {}", marks_variable, path_));
    }
  }

  void write(std::string_view text) {
    while (!text.empty()) {
      wait_for(POLLOUT);
      const ssize_t count = send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (count < 0) throw error_from_errno(errno, fmt::format("writing to {}", path_));
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  std::string read_line() {
    while (true) {
      if (const std::size_t end = pending_.find('\n'); end != std::string::npos) {
        std::string line = pending_.substr(0, end);
        pending_.erase(0, end + 1);
        return line;
      }
      wait_for(POLLIN);
      std::array<char, 1024> bytes{};
      const ssize_t count = recv(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (count < 0) throw error_from_errno(errno, fmt::format("reading from {}", path_));
      if (count == 0) {
        throw Error(ErrorCode::io, fmt::format("{}: the run ended before it answered", path_));
      }
      pending_.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  void wait_for(short event) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - clock_.now());
    pollfd watched{.fd = fd_.get(), .events = event, .revents = 0};
    const int ready = left.count() > 0 ? poll(&watched, 1, static_cast<int>(left.count())) : 0;
    if (ready < 0 && errno == EINTR) return;
    if (ready <= 0) {
      throw Error(ErrorCode::timed_out,
                  fmt::format("{}: the run did not answer within {} s", path_, patience.count()));
    }
  }

  std::string path_;
  UniqueFd fd_;
  SystemClock clock_;
  Instant deadline_ = clock_.now() + patience;
  std::string pending_;
};

}  // namespace

std::vector<std::string> send_marks(const std::filesystem::path& path,
                                    const std::vector<std::string>& lines) {
  Client client(path);
  std::vector<std::string> refusals;
  for (const std::string& line : lines) {
    client.write(line + "\n");
    const std::string answer = client.read_line();
    constexpr std::string_view prefix = "error: ";
    if (answer != "ok") {
      refusals.push_back(answer.starts_with(prefix) ? answer.substr(prefix.size()) : answer);
    }
  }
  return refusals;
}

}  // namespace wattfor
