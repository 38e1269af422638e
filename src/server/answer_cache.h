#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "server/http_types.h"

namespace wattfor {

// Answers of one state of the store, each computed and compressed once. Belongs to one thread.
class AnswerCache {
 public:
  // The room is for answers to queries, of which there may be any number.
  explicit AnswerCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  // Null where there is none.
  SharedAnswer find(const std::string& key) const;
  // Keeps what was found alone: an error may be another one the next time. Where there is no room
  // for an answer to a query, those to queries begin anew: whoever asks for ever other things
  // computes them, but takes no memory. What no query was asked for stays, whatever its size.
  void keep(const std::string& key, const SharedAnswer& answer);
  void drop(const std::string& key);  // one that no query was asked for
  void clear();

 private:
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  std::unordered_map<std::string, SharedAnswer> answers_;
  std::unordered_map<std::string, SharedAnswer> to_queries_;
};

}  // namespace wattfor
