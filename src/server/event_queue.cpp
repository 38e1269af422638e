#include "server/event_queue.h"

#include <fmt/format.h>

#include <utility>

namespace wattfor {

std::string event_text(std::string_view name, std::string_view data) {
  return fmt::format("event: {}\ndata: {}\n\n", name, data);
}

void EventQueue::push(std::shared_ptr<const std::string> event) {
  if (is_closed_) return;
  if (bytes_ + event->size() > most_bytes_) {
    close();
    return;
  }
  bytes_ += event->size();
  events_.push_back(std::move(event));
  if (wake_) wake_();
}

void EventQueue::close() {
  is_closed_ = true;
  events_.clear();
  bytes_ = 0;
  if (wake_) wake_();
}

std::string EventQueue::take() {
  std::string all;
  all.reserve(bytes_);
  for (const auto& event : events_) all += *event;
  events_.clear();
  bytes_ = 0;
  return all;
}

void Broadcaster::forget_gone() {
  std::erase_if(readers_, [](const std::weak_ptr<EventQueue>& reader) {
    const auto held = reader.lock();
    return held == nullptr || held->is_closed();
  });
}

std::shared_ptr<EventQueue> Broadcaster::add_reader() {
  if (readers() >= most_readers_) return nullptr;
  auto reader = std::make_shared<EventQueue>();
  readers_.push_back(reader);
  return reader;
}

void Broadcaster::send(std::string_view name, std::string_view data) {
  forget_gone();
  const auto event = std::make_shared<const std::string>(event_text(name, data));
  for (const auto& reader : readers_) {
    if (const auto held = reader.lock()) held->push(event);
  }
}

std::size_t Broadcaster::readers() {
  forget_gone();
  return readers_.size();
}

}  // namespace wattfor
