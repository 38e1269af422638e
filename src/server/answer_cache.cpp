#include "server/answer_cache.h"

namespace wattfor {
namespace {

bool has_query(const std::string& key) { return key.find('?') != std::string::npos; }

}  // namespace

SharedAnswer AnswerCache::find(const std::string& key) const {
  const auto& among = has_query(key) ? to_queries_ : answers_;
  const auto found = among.find(key);
  return found == among.end() ? nullptr : found->second;
}

void AnswerCache::keep(const std::string& key, const SharedAnswer& answer) {
  if (answer->status != 200) return;
  if (!has_query(key)) {
    answers_.insert_or_assign(key, answer);
    return;
  }
  constexpr std::size_t overhead = 512;
  const std::size_t bytes =
      answer->body.view().size() + answer->gzip.view().size() + key.size() + overhead;
  if (bytes > most_bytes_) return;
  if (bytes_ + bytes > most_bytes_) {
    to_queries_.clear();
    bytes_ = 0;
  }
  if (to_queries_.insert_or_assign(key, answer).second) bytes_ += bytes;
}

void AnswerCache::drop(const std::string& key) { answers_.erase(key); }

void AnswerCache::clear() {
  answers_.clear();
  to_queries_.clear();
  bytes_ = 0;
}

}  // namespace wattfor
