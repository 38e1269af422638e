#include "server/event_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace wattfor::event_queue_test {
namespace {

std::shared_ptr<const std::string> event(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

TEST(EventQueueTest, GivesWhatWaitsInOrderAndOnce) {
  EventQueue queue;
  int woken = 0;
  queue.set_wake([&] { ++woken; });
  queue.push(event("a"));
  queue.push(event("b"));
  EXPECT_EQ(2, woken);
  EXPECT_EQ("ab", queue.take());
  EXPECT_EQ("", queue.take());
}

TEST(EventQueueTest, ClosesOnAReaderThatLeavesTooMuch) {
  EventQueue queue(10);
  int woken = 0;
  queue.set_wake([&] { ++woken; });
  queue.push(event("12345"));
  queue.push(event("67890"));
  EXPECT_FALSE(queue.is_closed());
  queue.push(event("x"));
  EXPECT_TRUE(queue.is_closed());
  EXPECT_EQ(3, woken);
  EXPECT_EQ("", queue.take()) << "half of a story is none";
  queue.push(event("y"));
  EXPECT_EQ("", queue.take());
}

TEST(BroadcasterTest, TellsEveryReaderThatIsThere) {
  Broadcaster all(10);
  const auto one = all.add_reader();
  auto gone = all.add_reader();
  const auto closed = all.add_reader();
  gone.reset();
  closed->close();
  EXPECT_EQ(1U, all.readers());
  all.send("store", R"({"version":"x"})");
  EXPECT_EQ("event: store\ndata: {\"version\":\"x\"}\n\n", one->take());
  EXPECT_EQ("", closed->take());
}

TEST(BroadcasterTest, HasNoMoreReadersThanItMay) {
  Broadcaster all(2);
  const auto one = all.add_reader();
  auto other = all.add_reader();
  EXPECT_EQ(nullptr, all.add_reader());
  other.reset();
  EXPECT_NE(nullptr, all.add_reader());
}

TEST(BroadcasterTest, DoesNotWaitForOneThatReadsNothing) {
  Broadcaster all(2);
  const auto slow = all.add_reader();
  const auto quick = all.add_reader();
  const std::string data(100'000, 'x');
  for (int i = 0; i < 5; ++i) {
    all.send("power", data);
    quick->take();
  }
  EXPECT_TRUE(slow->is_closed());
  EXPECT_FALSE(quick->is_closed());
}

}  // namespace
}  // namespace wattfor::event_queue_test
