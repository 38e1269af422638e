#include "tracking/mark_socket.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "base/signals_held.h"
#include "tracking/unix_address.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

// A run has few programs that mark it; what is beyond is a fault of one.
constexpr std::size_t most_connections = 64;
constexpr int backlog = 16;
constexpr auto look_again = std::chrono::milliseconds(10);
constexpr auto last_marks = std::chrono::milliseconds(200);

// Room for the path of a socket in it. Not in the user's runtime folder: that one goes when the
// user logs out, and a training may go on.
fs::path own_folder() {
  std::string name = "/tmp/wattfor-XXXXXX";
  if (mkdtemp(name.data()) != nullptr) return name;  // mode 0700
  throw error_from_errno(errno, "making a folder for the marks' socket in /tmp");
}

class Connection {
 public:
  explicit Connection(UniqueFd fd) : fd_(std::move(fd)) {}

  int fd() const { return fd_.get(); }

  // Takes a part of what has been written, so that others have their turn. False once the other
  // side is done.
  bool read(const std::function<void(const ProgramMark&)>& take) {
    std::array<char, 4096> bytes{};
    const ssize_t count = recv(fd(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) {
      if (!pending_.empty()) answer(pending_, take);  // a last line without its newline
      return false;
    }
    pending_.append(bytes.data(), static_cast<std::size_t>(count));
    return take_lines(take);
  }

  // Who does not read the answers does without them.
  void say(std::string_view text) {
    std::ignore = send(fd(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }

 private:
  bool take_lines(const std::function<void(const ProgramMark&)>& take) {
    std::size_t taken = 0;
    for (std::size_t end = pending_.find('\n'); end != std::string::npos;
         end = pending_.find('\n', taken)) {
      answer(std::string_view(pending_).substr(taken, end - taken), take);
      taken = end + 1;
    }
    pending_.erase(0, taken);
    if (pending_.size() <= longest_mark) return true;
    say(fmt::format("error: a mark has at most {} bytes\n", longest_mark));
    return false;
  }

  void answer(std::string_view line, const std::function<void(const ProgramMark&)>& take) {
    try {
      take(parse_mark(line));
      say("ok\n");
    } catch (const std::exception& error) {
      say(fmt::format("error: {}\n", error.what()));
    }
  }

  UniqueFd fd_;
  std::string pending_;
};

// A new connection, if there is one and room for it.
void accept_one(int listening, std::vector<Connection>& connections) {
  UniqueFd accepted(accept4(listening, nullptr, nullptr, SOCK_CLOEXEC));
  if (!accepted) {
    // Mostly it has gone again. Where this process is out of descriptors, it waits for its turn.
    if (errno == EMFILE || errno == ENFILE) std::this_thread::sleep_for(look_again);
    return;
  }
  Connection connection(std::move(accepted));
  if (connections.size() < most_connections) {
    connections.push_back(std::move(connection));
  } else {
    connection.say(fmt::format("error: {} programs mark this run already\n", most_connections));
  }
}

// Serves until `ending` is readable; then what was written by then is taken, for a moment: a
// program that outlives the run and goes on marking does not hold it up.
void serve_connections(int listening, int ending,
                       const std::function<void(const ProgramMark&)>& take) {
  const SystemClock clock;
  std::vector<Connection> connections;
  std::optional<Instant> latest;
  while (!latest || clock.now() < *latest) {
    std::vector<pollfd> watched{{.fd = listening, .events = POLLIN, .revents = 0}};
    if (!latest) watched.push_back({.fd = ending, .events = POLLIN, .revents = 0});
    const std::size_t first = watched.size();
    for (const Connection& each : connections) {
      watched.push_back({.fd = each.fd(), .events = POLLIN, .revents = 0});
    }
    const int ready = poll(watched.data(), watched.size(), latest ? 0 : -1);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return;
    if (!latest && watched[1].revents != 0) latest = clock.now() + last_marks;

    std::vector<Connection> open;
    for (std::size_t i = 0; i < connections.size(); ++i) {
      const bool has_more = watched[first + i].revents == 0 || connections[i].read(take);
      if (has_more) open.push_back(std::move(connections[i]));
    }
    connections = std::move(open);
    if (watched[0].revents != 0) accept_one(listening, connections);
  }
}

}  // namespace

MarkSocket::MarkSocket()
    : folder_(own_folder()),
      path_(folder_ / "marks"),
      listening_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  const UnixAddress address(path_);
  if (!listening_ || bind(listening_.get(), address.get(), address.size()) != 0 ||
      listen(listening_.get(), backlog) != 0) {
    const int reason = errno;
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    throw error_from_errno(reason, fmt::format("making the marks' socket {}", path_.string()));
  }
}

MarkSocket::~MarkSocket() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

MarkServer::MarkServer(const MarkSocket& socket, std::function<void(const ProgramMark&)> take)
    : ending_(eventfd(0, EFD_CLOEXEC)) {
  if (!ending_) throw error_from_errno(errno, "making an eventfd");
  const SignalsHeld held;
  thread_ = std::jthread([listening = socket.listening(), ending = ending_.get(),
                          take = std::move(take)] { serve_connections(listening, ending, take); });
}

MarkServer::~MarkServer() {
  const std::uint64_t one = 1;
  std::ignore = write(ending_.get(), &one, sizeof(one));
}

}  // namespace wattfor
