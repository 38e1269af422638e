#include "server/response.h"

#include <gtest/gtest.h>

#include <string>

#include "server/answers.h"

namespace wattfor::response_test {
namespace {

constexpr const char* date = "Sat, 31 Jan 2026 12:00:00 GMT";

bool has(const std::string& head, const std::string& line) {
  return head.find("\r\n" + line + "\r\n") != std::string::npos;
}

HttpResponse get(const ServedAnswer& answer, const HttpRequest& request = {}) {
  return response_to(request, answer, AfterAnswer::keep, date);
}

TEST(ResponseTest, BearsTheHeadersThatKeepOthersOut) {
  const SharedAnswer answer = json_answer({{"a", 1}});
  const std::string head = get(*answer).head;
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  EXPECT_TRUE(has(head, "X-Content-Type-Options: nosniff"));
  EXPECT_TRUE(has(head, "Referrer-Policy: no-referrer"));
  EXPECT_TRUE(has(head, "Cross-Origin-Opener-Policy: same-origin"));
  EXPECT_TRUE(has(head, "Cross-Origin-Resource-Policy: same-origin"));
  EXPECT_NE(std::string::npos, head.find("Content-Security-Policy: default-src 'none'; "));
  EXPECT_EQ(std::string::npos, head.find("unsafe"));
  EXPECT_NE(std::string::npos, event_stream_head(date).find("default-src 'none'"));
}

TEST(ResponseTest, OfAnErrorBearsThemToo) {
  const std::string head = get(*refusal_answer(404, "nothing")).head;
  EXPECT_TRUE(has(head, "X-Content-Type-Options: nosniff"));
  EXPECT_TRUE(has(head, "Cache-Control: no-store"));
}

TEST(ResponseTest, IsCompressedForThoseWhoTakeIt) {
  const SharedAnswer answer = answer_of(std::string(10'000, 'a'), "text/plain");
  HttpRequest request;
  for (const char* takes : {"gzip", "br, gzip;q=0.5", "*", "gzip;q=1.0"}) {
    request.accept_encoding = takes;
    const HttpResponse response = get(*answer, request);
    EXPECT_TRUE(has(response.head, "Content-Encoding: gzip")) << takes;
    EXPECT_TRUE(has(response.head, "Vary: Accept-Encoding"));
    EXPECT_LT(response.body.size(), 100U);
  }
  for (const char* takes_not :
       {"", "br", "gzip;q=0", "gzip; q=0.000", "gzipped", "gzip;q=0, *", "*;q=0"}) {
    request.accept_encoding = takes_not;
    const HttpResponse response = get(*answer, request);
    EXPECT_EQ(std::string::npos, response.head.find("Content-Encoding")) << takes_not;
    EXPECT_TRUE(has(response.head, "Vary: Accept-Encoding"));
    EXPECT_EQ(10'000U, response.body.size());
  }
}

TEST(ResponseTest, OfWhatIsKnownIsItsETagAlone) {
  const SharedAnswer answer = json_answer({{"a", 1}});
  HttpRequest request;
  const std::string strong = answer->etag.substr(2);
  for (const std::string& known :
       {answer->etag, strong, "\"x\", " + answer->etag, std::string("*")}) {
    request.if_none_match = known;
    const HttpResponse response = get(*answer, request);
    EXPECT_TRUE(response.head.starts_with("HTTP/1.1 304 Not Modified\r\n")) << known;
    EXPECT_TRUE(has(response.head, "ETag: " + answer->etag));
    EXPECT_EQ(std::string::npos, response.head.find("Content-Length"));
    EXPECT_TRUE(response.body.empty());
  }
  request.if_none_match = "W/\"another\"";
  EXPECT_TRUE(get(*answer, request).head.starts_with("HTTP/1.1 200 OK"));
}

TEST(ResponseTest, ToHeadIsTheSameHeadWithoutTheBody) {
  const SharedAnswer answer = answer_of(std::string(10'000, 'a'), "text/plain");
  HttpRequest request;
  const std::string of_get = get(*answer, request).head;
  request.method = HttpMethod::head;
  const HttpResponse response = get(*answer, request);
  EXPECT_EQ(of_get, response.head);
  EXPECT_TRUE(response.body.empty());
}

TEST(ResponseTest, SaysWhatBecomesOfTheConnection) {
  const SharedAnswer answer = json_answer({{"a", 1}});
  const auto head = [&](AfterAnswer after) { return response_to({}, *answer, after, date).head; };
  EXPECT_EQ(std::string::npos, head(AfterAnswer::keep).find("Connection:"));
  EXPECT_TRUE(has(head(AfterAnswer::keep_old), "Connection: keep-alive"));
  EXPECT_TRUE(has(head(AfterAnswer::close), "Connection: close"));
}

TEST(ResponseTest, DatesAsTheStandardHasIt) {
  EXPECT_EQ("Sun, 06 Nov 1994 08:49:37 GMT", http_date(784111777));  // RFC 9110, section 5.6.7
}

}  // namespace
}  // namespace wattfor::response_test
