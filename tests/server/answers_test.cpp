#include "server/answers.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

#include "server/answer_cache.h"
#include "server/gzip.h"

namespace wattfor::answers_test {
namespace {

std::string gunzipped(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(Z_OK, inflateInit2(&stream, 15 + 16));
  std::string result(1'000'000, '\0');
  std::string input(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  EXPECT_EQ(Z_STREAM_END, inflate(&stream, Z_FINISH));
  result.resize(stream.total_out);
  inflateEnd(&stream);
  return result;
}

TEST(AnswersTest, AreCompressedWhereThatIsSmaller) {
  const std::string text(5000, 'x');
  const SharedAnswer answer = answer_of(text, "text/plain");
  EXPECT_EQ(text, answer->body.view());
  EXPECT_EQ(text, gunzipped(answer->gzip.view()));
  EXPECT_TRUE(answer_of("short", "text/plain")->gzip.view().empty());
  EXPECT_EQ("", gzipped("x"));
  EXPECT_EQ("", gzipped(""));
}

TEST(AnswersTest, HaveAnETagOfTheirContent) {
  const std::string etag = answer_of("a", "text/plain")->etag;
  EXPECT_EQ(etag, answer_of("a", "text/plain")->etag);
  EXPECT_NE(etag, answer_of("b", "text/plain")->etag);
  EXPECT_TRUE(etag.starts_with("W/\""));
}

TEST(AnswersTest, OfErrorsHaveTheStatusThatFits) {
  EXPECT_EQ(400, error_answer(Error(ErrorCode::usage, ""))->status);
  EXPECT_EQ(400, error_answer(Error(ErrorCode::invalid_input, ""))->status);
  EXPECT_EQ(404, error_answer(Error(ErrorCode::not_found, ""))->status);
  EXPECT_EQ(403, error_answer(Error(ErrorCode::permission_denied, ""))->status);
  EXPECT_EQ(501, error_answer(Error(ErrorCode::unsupported, ""))->status);
  EXPECT_EQ(504, error_answer(Error(ErrorCode::timed_out, ""))->status);
  EXPECT_EQ(500, error_answer(Error(ErrorCode::io, ""))->status);
  EXPECT_EQ("{\"error\":{\"code\":\"not_found\",\"message\":\"<b>\\\"x\\\"\"}}\n",
            error_answer(Error(ErrorCode::not_found, "<b>\"x\""))->body.view());
}

TEST(AnswersTest, HaveATypeByTheirName) {
  EXPECT_EQ("text/html; charset=utf-8", content_type_of("/index.html"));
  EXPECT_EQ("text/javascript; charset=utf-8", content_type_of("/assets/a.12345678.js"));
  EXPECT_EQ("image/svg+xml", content_type_of("x.svg"));
  EXPECT_EQ("application/octet-stream", content_type_of("x.unknown"));
}

TEST(AnswerCacheTest, KeepsWhatWasFound) {
  AnswerCache cache(100'000);
  const SharedAnswer answer = answer_of("a", "text/plain");
  cache.keep("key", answer);
  cache.keep("error", refusal_answer(404, "nothing"));
  EXPECT_EQ(answer, cache.find("key"));
  EXPECT_EQ(nullptr, cache.find("error"));
  cache.clear();
  EXPECT_EQ(nullptr, cache.find("key"));
}

TEST(AnswerCacheTest, TakesNoMoreMemoryThanItMayForAnswersToQueries) {
  AnswerCache cache(5000);
  for (int i = 0; i < 100; ++i) cache.keep('?' + std::to_string(i), answer_of("a", "text/plain"));
  int kept = 0;
  for (int i = 0; i < 100; ++i) kept += cache.find('?' + std::to_string(i)) != nullptr ? 1 : 0;
  EXPECT_GT(kept, 0);
  EXPECT_LE(kept, 9) << "some 514 bytes each";
  const SharedAnswer large = answer_of(std::string(6000, 'a'), "text/plain");
  cache.keep("?large", large);
  EXPECT_EQ(nullptr, cache.find("?large"));
  cache.keep("large", large);
  EXPECT_EQ(large, cache.find("large")) << "of what no query is asked for there is little";
}

}  // namespace
}  // namespace wattfor::answers_test
