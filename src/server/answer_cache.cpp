#include "server/answer_cache.h"

namespace wattfor {

SharedAnswer AnswerCache::find(const std::string& key) const {
  const auto found = answers_.find(key);
  return found == answers_.end() ? nullptr : found->second;
}

void AnswerCache::keep(const std::string& key, const SharedAnswer& answer) {
  if (answer->status != 200) return;
  constexpr std::size_t overhead = 512;
  const std::size_t bytes =
      answer->body.view().size() + answer->gzip.view().size() + key.size() + overhead;
  if (bytes > most_bytes_) return;
  if (bytes_ + bytes > most_bytes_) clear();
  if (answers_.insert_or_assign(key, answer).second) bytes_ += bytes;
}

void AnswerCache::clear() {
  answers_.clear();
  bytes_ = 0;
}

}  // namespace wattfor
