#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wattfor {

// "event: NAME\ndata: DATA\n\n", as server-sent events are written (WHATWG HTML, section 9.2). The
// data must be one line, as JSON is.
std::string event_text(std::string_view name, std::string_view data);

// What one reader of events has not been sent yet. One that reads too slowly loses its stream, and
// may come again; the server's memory is not for what it left. Belongs to one thread.
class EventQueue {
 public:
  explicit EventQueue(std::size_t most_bytes = 262'144) : most_bytes_(most_bytes) {}

  // Called whenever there is something to take, or the queue was closed.
  void set_wake(std::function<void()> wake) { wake_ = std::move(wake); }

  void push(std::shared_ptr<const std::string> event);
  void close();
  bool is_closed() const { return is_closed_; }
  // Everything that waits, in order; empty where nothing does.
  std::string take();

 private:
  std::size_t most_bytes_;
  std::deque<std::shared_ptr<const std::string>> events_;
  std::size_t bytes_ = 0;
  bool is_closed_ = false;
  std::function<void()> wake_;
};

// Sends each event to every reader that is still there. Belongs to one thread.
class Broadcaster {
 public:
  explicit Broadcaster(std::size_t most_readers) : most_readers_(most_readers) {}

  // A reader, to be held as long as it reads; null where there are too many.
  std::shared_ptr<EventQueue> add_reader();
  void send(std::string_view name, std::string_view data);
  std::size_t readers();

 private:
  void forget_gone();

  std::size_t most_readers_;
  std::vector<std::weak_ptr<EventQueue>> readers_;
};

}  // namespace wattfor
