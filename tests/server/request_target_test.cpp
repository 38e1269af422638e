#include "server/request_target.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace wattfor::request_target_test {
namespace {

RequestTarget target_of(std::string_view text) {
  const auto parsed = parse_target(text);
  EXPECT_TRUE(std::holds_alternative<RequestTarget>(parsed)) << text;
  return std::holds_alternative<RequestTarget>(parsed) ? std::get<RequestTarget>(parsed)
                                                       : RequestTarget{};
}

bool is_refused(std::string_view text) {
  return std::holds_alternative<BadTarget>(parse_target(text));
}

TEST(RequestTargetTest, IsAPathAndTheWordsOfAQuery) {
  const RequestTarget target =
      target_of("/api/v1/rank?setup=a%20b+c&test-set=x&test-set=y&top=3&empty&=nameless");
  EXPECT_EQ("/api/v1/rank", target.path);
  EXPECT_EQ((QueryWords{{"setup", "a b c"},
                        {"test-set", "x"},
                        {"test-set", "y"},
                        {"top", "3"},
                        {"empty", ""},
                        {"", "nameless"}}),
            target.query);
}

TEST(RequestTargetTest, IsDecodedOnce) {
  EXPECT_EQ("/a b", target_of("/%61%20b").path);
  EXPECT_EQ("/%2e%2e", target_of("/%252e%252e").path);
  EXPECT_EQ("/ü", target_of("/%C3%BC").path);
  EXPECT_EQ("/+", target_of("/+").path) << "a plus is a space in queries alone";
  EXPECT_EQ("/a/b/c", target_of("/a%2fb%2Fc").path);
  EXPECT_EQ("/a%2fb", target_of("/a%252fb").path);
}

TEST(RequestTargetTest, RefusesWhatCouldLeadElsewhere) {
  for (const char* text : {"",
                           "*",
                           "api",
                           "/..",
                           "/../etc/passwd",
                           "/a/../b",
                           "/./a",
                           "/%2e%2e/a",
                           "/%2E./a",
                           "/.%2e",
                           "/..%2fa",
                           "/a%2F..%2Fb",
                           "/a/..%2fb",
                           "/%2fa",
                           "/a%2f/b",
                           "%2fa",
                           "/a%5cb",
                           "/a\\b",
                           "/..\\a",
                           "//a",
                           "/a//b",
                           "/%00",
                           "/a%0d%0aX: y",
                           "/%7f",
                           "/%",
                           "/%2",
                           "/%zz",
                           "/%ff",
                           "/%c0%ae%c0%ae/",
                           "/?a=%00",
                           "/?a=%ff",
                           "/?%",
                           "https://localhost/",
                           "ftp://localhost/",
                           "localhost:8300"}) {
    EXPECT_TRUE(is_refused(text)) << text;
  }
}

TEST(RequestTargetTest, MayNameItsServer) {
  const RequestTarget target = target_of("http://localhost:8300/api?x=1");
  EXPECT_EQ("localhost:8300", target.authority);
  EXPECT_EQ("/api", target.path);
  EXPECT_EQ("/", target_of("http://localhost").path);
  EXPECT_EQ((QueryWords{{"a", "b"}}), target_of("http://localhost/?a=b").query);
  EXPECT_TRUE(is_refused("http://localhost/../a"));
}

TEST(RequestTargetTest, IsEqualTextForQueriesOfEqualMeaning) {
  EXPECT_EQ(query_text(target_of("/?a=%62+c").query), query_text(target_of("/?a=b%20c").query));
  EXPECT_EQ("a=b%26c%3D1", query_text({{"a", "b&c=1"}}));
  EXPECT_NE(query_text({{"a", "b"}, {"c", ""}}), query_text({{"a", "b&c="}}));
}

}  // namespace
}  // namespace wattfor::request_target_test
