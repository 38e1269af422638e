#include "base/http_get.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "base/error.h"
#include "support/canned_server.h"
#include "support/refusal.h"
#include "support/text.h"

namespace wattfor::http_get_test {
namespace {

using test::CannedServer;
using test::has_text;
using test::http_answer;

class HttpGetTest : public testing::Test {
 protected:
  void SetUp() override {
    try {
      const HttpGet there{HttpOptions{}};
    } catch (const Error& error) {
      GTEST_SKIP() << error.what();
    }
  }
};

TEST(HttpGetLibraryTest, AMissingLibraryNamesThePackageToInstall) {
  const Error refusal = test::refusal_of(
      [] { const HttpGet none(HttpOptions{}, {"libno-curl.so.4", "libno-curl-either.so.4"}); });
  test::expect_refusal(refusal, ErrorCode::not_found, "install the package libcurl4");
  EXPECT_TRUE(has_text(refusal.what(), "libno-curl.so.4, libno-curl-either.so.4"));
}

TEST_F(HttpGetTest, AnswersStatusAndBody) {
  CannedServer server({http_answer(200, "{\"a\": 1}"), http_answer(503, "later")});
  HttpGet http{HttpOptions{}};
  const auto first = std::get<HttpAnswer>(http.get(server.address() + "/redfish/v1?x=1"));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "{\"a\": 1}");
  EXPECT_EQ(std::get<HttpAnswer>(http.get(server.address())).status, 503);
  EXPECT_TRUE(has_text(server.end().at(0), "GET /redfish/v1?x=1 HTTP/1.1\r\n"));
}

TEST_F(HttpGetTest, TellsWhoAsksByBasicAuthentication) {
  CannedServer server({http_answer(200, "")});
  HttpGet http{HttpOptions{.credentials = HttpCredentials{.user = "reader", .password = "pass:1"}}};
  http.get(server.address());
  // base64 of "reader:pass:1".
  EXPECT_TRUE(has_text(server.end().at(0), "Authorization: Basic cmVhZGVyOnBhc3M6MQ==\r\n"));
}

TEST_F(HttpGetTest, ARedirectionIsAnAnswerAndNotFollowed) {
  CannedServer server({http_answer(302, "", "Location: http://127.0.0.1:1/\r\n")});
  HttpGet http{HttpOptions{}};
  EXPECT_EQ(std::get<HttpAnswer>(http.get(server.address())).status, 302);
}

TEST_F(HttpGetTest, AnAnswerBeyondTheBoundIsAFailureAndNotItsBeginning) {
  CannedServer server({http_answer(200, std::string(1001, 'x')), http_answer(200, "x")});
  HttpGet http{HttpOptions{.most_bytes = 1000}};
  const auto failure = std::get<HttpFailure>(http.get(server.address()));
  EXPECT_EQ(failure.kind, HttpFailure::Kind::too_long);
  EXPECT_TRUE(has_text(failure.reason, "longer than 1000 bytes"));
  EXPECT_EQ(std::get<HttpAnswer>(http.get(server.address())).body, "x") << "and it can ask again";
}

TEST_F(HttpGetTest, AServerThatNeverAnswersIsGivenUp) {
  const CannedServer server({""});
  HttpGet http{HttpOptions{.longest = std::chrono::milliseconds(100)}};
  const auto failure = std::get<HttpFailure>(http.get(server.address()));
  EXPECT_EQ(failure.kind, HttpFailure::Kind::unreachable);
  EXPECT_TRUE(has_text(failure.reason, "timed out"));
}

TEST_F(HttpGetTest, AQuestionMayHaveLessTimeThanTheOthers) {
  const CannedServer server({"", ""});
  HttpGet http{HttpOptions{.longest = std::chrono::hours(1)}};
  for (const int ms : {50, 0}) {
    const auto failure =
        std::get<HttpFailure>(http.get(server.address(), std::chrono::milliseconds(ms)));
    EXPECT_TRUE(has_text(failure.reason, "timed out")) << ms;
  }
}

TEST_F(HttpGetTest, ARefusedConnectionIsAFailureWithItsReason) {
  CannedServer server({});
  const std::string nobody = server.address();
  server.end();
  HttpGet http{HttpOptions{}};
  const auto failure = std::get<HttpFailure>(http.get(nobody));
  EXPECT_EQ(failure.kind, HttpFailure::Kind::unreachable);
  EXPECT_TRUE(has_text(failure.reason, "127.0.0.1"));
}

TEST_F(HttpGetTest, OtherProtocolsAreNotSpoken) {
  HttpGet http{HttpOptions{}};
  EXPECT_TRUE(std::holds_alternative<HttpFailure>(http.get("file:///proc/self/status")));
}

}  // namespace
}  // namespace wattfor::http_get_test
