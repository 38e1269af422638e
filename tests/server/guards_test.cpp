#include "server/guards.h"

#include <gtest/gtest.h>

#include <string>

namespace wattfor::guards_test {
namespace {

RequestTarget start() { return {.path = "/", .query = {}, .authority = std::nullopt}; }

int status_of(const GuardPolicy& policy, const HttpRequest& request,
              const RequestTarget& target = start()) {
  return judge_request(policy, request, target).status;
}

HttpRequest from(std::string host, std::string origin = "") {
  HttpRequest request;
  request.target = "/";
  request.host = std::move(host);
  request.origin = std::move(origin);
  return request;
}

const GuardPolicy local{.port = 8300};
const GuardPolicy open{.port = 8300, .token = "0123456789abcdef"};

TEST(GuardsTest, AnswerToTheNamesThatAMachineHasForItself) {
  for (const char* host : {"localhost:8300", "LocalHost:8300", "127.0.0.1:8300", "[::1]:8300",
                           "localhost", "localhost:9000"}) {
    EXPECT_EQ(200, status_of(local, from(host))) << host;
  }
}

TEST(GuardsTest, RefuseAForeignHostAsDnsRebindingSendsIt) {
  for (const char* host : {"evil.example", "evil.example:8300", "localhost.evil.example:8300",
                           "127.0.0.1.evil.example", "192.168.1.5:8300", "localhost:8300:8300",
                           "localhost:", "localhost:x", "[::1", "::1", "user@localhost:8300",
                           "localhost ", "[::ffff:127.0.0.1]:8300", "0.0.0.0:8300"}) {
    EXPECT_EQ(403, status_of(local, from(host))) << host;
  }
  EXPECT_EQ(400, status_of(local, from("")));
}

TEST(GuardsTest, RefuseAnOriginThatIsNotTheHost) {
  EXPECT_EQ(200, status_of(local, from("localhost:8300", "http://localhost:8300")));
  EXPECT_EQ(200, status_of(local, from("localhost:9000", "http://localhost:9000")))
      << "a forwarded port";
  for (const char* origin :
       {"http://evil.example", "http://localhost:8301", "http://127.0.0.1:8300",
        "https://localhost:8300", "null", "file://", "http://localhost"}) {
    EXPECT_EQ(403, status_of(local, from("localhost:8300", origin))) << origin;
  }
}

TEST(GuardsTest, RefuseToBeAProxy) {
  RequestTarget target = start();
  target.authority = "evil.example";
  EXPECT_EQ(400, status_of(local, from("localhost:8300"), target));
  target.authority = "LOCALHOST:8300";
  EXPECT_EQ(200, status_of(local, from("localhost:8300"), target));
}

// An <img> or a no-cors fetch of a foreign page has no Origin.
TEST(GuardsTest, RefuseWhatABrowserSaysAnotherPageAsksFor) {
  RequestTarget target = start();
  HttpRequest request = from("localhost:8300");
  request.fetch_site = "cross-site";
  EXPECT_EQ(200, status_of(local, request, target)) << "a link to the explorer";
  target.path = "/metrics";
  EXPECT_EQ(403, status_of(local, request, target));
  request.fetch_site = "same-site";
  EXPECT_EQ(403, status_of(local, request, target)) << "of another port";
  for (const char* own : {"same-origin", "none", ""}) {
    request.fetch_site = own;
    EXPECT_EQ(200, status_of(local, request, target)) << own;
  }
}

TEST(GuardsTest, AskForTheTokenWhereTheServerIsReachedFromElsewhere) {
  HttpRequest request = from("lab.example:8300");
  EXPECT_EQ(401, status_of(open, request));
  request.authorization = "Bearer 0123456789abcdef";
  EXPECT_EQ(200, status_of(open, request));
  request.authorization = "bearer  0123456789abcdef ";
  EXPECT_EQ(200, status_of(open, request));
  for (const char* wrong : {"Bearer 0123456789abcdeg", "Bearer 0123456789abcde", "Bearer ",
                            "Basic x", "0123456789abcdef", "Bearer 0123456789abcdef0"}) {
    request.authorization = wrong;
    EXPECT_EQ(401, status_of(open, request)) << wrong;
  }
  request.authorization = "Bearer 0123456789abcdef";
  request.origin = "http://evil.example";
  EXPECT_EQ(403, status_of(open, request));
}

TEST(GuardsTest, TakeTheTokenOnceFromTheAddressAndThenFromACookie) {
  RequestTarget target = start();
  target.query = {{"token", "0123456789abcdef"}};
  const Verdict verdict = judge_request(open, from("lab:8300"), target);
  EXPECT_EQ(200, verdict.status);
  EXPECT_TRUE(verdict.takes_cookie);
  EXPECT_EQ("wattfor_8300=0123456789abcdef; Path=/; HttpOnly; SameSite=Lax", token_cookie(open));

  HttpRequest request = from("lab:8300");
  request.cookie = "theme=dark; wattfor_8300=0123456789abcdef";
  EXPECT_EQ(200, status_of(open, request));
  for (const char* wrong : {"wattfor_8300=", "wattfor_8300", "wattfor_9000=0123456789abcdef",
                            "xwattfor_8300=0123456789abcdef", "wattfor_8300=0123456789abcdeg"}) {
    request.cookie = wrong;
    EXPECT_EQ(401, status_of(open, request)) << wrong;
  }
}

TEST(GuardsTest, TakeNoTokenFromTheAddressOfAnythingButThePage) {
  RequestTarget target = start();
  target.path = "/api/v1/rank";
  target.query = {{"token", "0123456789abcdef"}};
  EXPECT_EQ(401, status_of(open, from("lab:8300"), target));
}

}  // namespace
}  // namespace wattfor::guards_test
