#include "bench/protocol.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "support/refusal.h"
#include "support/text.h"

namespace wattfor::protocol::protocol_test {
namespace {

using test::has_text;

Error error_of(const auto& parse, std::string_view line) {
  return test::refusal_of([&] { parse(line); });
}

TEST(ProtocolTest, WritesEachRequestAsTheDocumentSays) {
  EXPECT_EQ(line_of(Hello{}), R"({"hello":{"protocol":1}})");
  EXPECT_EQ(line_of(List{"timm:resnet*"}), R"({"list":{"models":"timm:resnet*"}})");
  EXPECT_EQ(
      line_of(Load{.model = "m.onnx", .threads = 2, .seed = 1, .options_json = R"({"a":[1]})"}),
      R"({"load":{"device":"cpu","model":"m.onnx","options":{"a":[1]},"precision":"fp32",)"
      R"("seed":1,"threads":2}})");
  EXPECT_EQ(line_of(protocol::Run{.batch = 32, .warm_up = true}),
            R"({"run":{"batch":32,"warm_up":true}})");
  EXPECT_EQ(
      line_of(protocol::Run{.batch = 32, .min_batches = 14, .min_seconds = 10, .max_seconds = 60}),
      R"({"run":{"batch":32,"max_seconds":60.0,"min_batches":14,"min_seconds":10.0}})");
  EXPECT_EQ(line_of(Stop{}), R"({"stop":{}})");
  EXPECT_EQ(line_of(Quit{}), R"({"quit":{}})");
}

TEST(ProtocolTest, WritesEachReplyAsTheDocumentSays) {
  EXPECT_EQ(line_of(HelloReply{"null", "1.0", {"cpu"}, {"fp32"}}),
            R"({"hello":{"devices":["cpu"],"precisions":["fp32"],"protocol":1,"version":"1.0",)"
            R"("worker":"null"}})");
  EXPECT_EQ(line_of(Listed{{"timm:a", "timm:b"}}), R"({"listed":{"models":["timm:a","timm:b"]}})");
  EXPECT_EQ(line_of(Loaded{{{"x", {std::nullopt, 3}, "float32"}}, 0.5, R"({"spinning":true})"}),
            R"({"loaded":{"inputs":[{"name":"x","shape":[null,3],"type":"float32"}],)"
            R"("seconds":0.5,"settings":{"spinning":true}}})");
  EXPECT_EQ(line_of(Started{5}), R"({"started":{"t_ns":5}})");
  EXPECT_EQ(line_of(Batches{{1, 2}, {7, 9}}), R"({"batches":{"count":[1,2],"end_ns":[7,9]}})");
  EXPECT_EQ(line_of(Finished{1024.0}), R"({"finished":{"memory_bytes":1024.0}})");
  EXPECT_EQ(line_of(Finished{}), R"({"finished":{}})");
  EXPECT_EQ(line_of(Failed{FailureKind::out_of_memory, "full"}),
            R"({"failed":{"kind":"out_of_memory","message":"full"}})");
}

TEST(ProtocolTest, ReadsBackEveryMessageItWrites) {
  const std::vector<Request> requests{
      Hello{3},
      List{"timm:*"},
      Load{"a b\n\"ü\".onnx", "cuda:1", "fp16", 7, ~std::uint64_t{0}, R"({"x":{"y":1}})"},
      protocol::Run{8, false, 14, 10.0, 60.0},
      protocol::Run{8, true},
      Stop{},
      Quit{}};
  for (const Request& request : requests) {
    const std::string line = line_of(request);
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    EXPECT_EQ(line_of(parse_request(line)), line);
  }
  const std::vector<Reply> replies{HelloReply{"w", "1", {"cpu", "cuda:0"}, {}},
                                   Loaded{{{"x", {std::nullopt, 1, 8}, "int64"}}, 0.1},
                                   Started{9'007'199'254'740'993},
                                   Batches{{1, 5}, {9'007'199'254'740'993, 9'007'199'254'740'995}},
                                   Finished{7.0},
                                   Failed{FailureKind::unsupported, "no\nsuch thing"}};
  for (const Reply& reply : replies) {
    const std::string line = line_of(reply);
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    EXPECT_EQ(line_of(parse_reply(line)), line);
  }
}

TEST(ProtocolTest, IgnoresKeysItDoesNotKnow) {
  const auto request = parse_request(R"({"run":{"batch":4,"colour":"red"},"later":1})");
  EXPECT_EQ(std::get<protocol::Run>(request).batch, 4);
  const auto reply = parse_reply(R"({"started":{"t_ns":5,"clock":"mine"},"note":null})");
  EXPECT_EQ(std::get<Started>(reply).t_ns, 5);
}

TEST(ProtocolTest, GivesARequestWhatItLeavesOutItsDefault) {
  const auto load = std::get<Load>(parse_request(R"({"load":{"model":"m"}})"));
  EXPECT_EQ(load.device, "cpu");
  EXPECT_EQ(load.precision, "fp32");
  EXPECT_EQ(load.threads, 0);
  EXPECT_EQ(load.options_json, "{}");
  const auto run = std::get<protocol::Run>(parse_request(R"({"run":{"batch":1}})"));
  EXPECT_FALSE(run.warm_up);
  EXPECT_EQ(run.min_batches, 1);
  EXPECT_EQ(run.max_seconds, 0.0);
}

TEST(ProtocolTest, RefusesWhatIsNoReplyAndSaysWhy) {
  struct Case {
    std::string line;
    std::string reason;
  };
  const std::vector<Case> cases{
      {"", "it is not JSON"},
      {"[ INFO ] loading", "it is not JSON"},
      {"[1]", "it is no JSON object"},
      {"{}", "it is none of: hello, listed, loaded, started, batches, finished, failed"},
      {R"({"run":{"batch":1}})", "it is none of"},
      {R"({"started":{"t_ns":1},"finished":{}})", "it is both \"started\" and \"finished\""},
      {R"({"started":7})", "\"started\" should hold an object"},
      {R"({"started":{}})", "\"started\" has no \"t_ns\""},
      {R"({"started":{"t_ns":"now"}})", "\"t_ns\" of \"started\" should be a whole number"},
      {R"({"started":{"t_ns":1.5}})", "should be a whole number"},
      {R"({"started":{"t_ns":-1}})", "at least 0"},
      {R"({"started":{"t_ns":18446744073709551615}})", "should be a whole number"},
      {R"({"batches":{"count":[1,1],"end_ns":[5]}})", "2 counts and 1 times"},
      {R"({"batches":{"count":[-3],"end_ns":[5]}})", "at least 1"},
      {R"({"batches":{"count":[0],"end_ns":[5]}})", "at least 1"},
      {R"({"batches":{"count":1,"end_ns":5}})", "should be a list"},
      {R"({"finished":{"memory_bytes":-1}})", "not negative"},
      {R"({"finished":{"memory_bytes":1e999}})", "it is not JSON"},
      {R"({"loaded":{"inputs":[{"name":"x","type":"float32","shape":["n"]}],"seconds":1}})",
       "for free dimensions, null"},
      {R"({"loaded":{"inputs":[{"name":"x","type":"float32","shape":[-1]}],"seconds":1}})",
       "at least 0"},
      {R"({"loaded":{"inputs":[],"seconds":1,"settings":[]}})", "\"settings\" of \"loaded\""},
      {R"({"hello":{"worker":1,"version":"","devices":[],"precisions":[]}})", "should be text"},
      {R"({"failed":{"kind":"tired","message":""}})",
       "out_of_memory, unsupported, unavailable or error"},
  };
  for (const Case& each : cases) {
    const Error error = error_of(parse_reply, each.line);
    EXPECT_EQ(error.code(), ErrorCode::invalid_input) << each.line;
    EXPECT_TRUE(has_text(error.what(), each.reason));
  }
}

TEST(ProtocolTest, RefusesWhatIsNoRequestAndSaysWhy) {
  struct Case {
    std::string line;
    std::string reason;
  };
  const std::vector<Case> cases{
      {R"({"finished":{}})", "it is none of: hello, list, load, run, stop, quit"},
      {R"({"run":{"batch":0}})", "at least 1"},
      {R"({"run":{"batch":4294967296}})", "below 2^31"},
      {R"({"run":{"batch":1,"warm_up":1}})", "should be true or false"},
      {R"({"run":{"batch":1,"min_seconds":-1}})", "not negative"},
      {R"({"load":{}})", "\"load\" has no \"model\""},
      {R"({"load":{"model":"m","seed":-1}})", "\"seed\" of \"load\""},
      {R"({"load":{"model":"m","options":"fast"}})", "should be an object"},
  };
  for (const Case& each : cases) {
    const Error error = error_of(parse_request, each.line);
    EXPECT_EQ(error.code(), ErrorCode::invalid_input) << each.line;
    EXPECT_TRUE(has_text(error.what(), each.reason));
  }
}

TEST(ProtocolTest, QuotesOnlyTheBeginningOfALineAndOnlyInAscii) {
  const Error error = error_of(parse_reply, "\x1b[31m\xff" + std::string(1000, 'x'));
  EXPECT_TRUE(has_text(error.what(), "the reply \"\\u001b[31m\\ufffdxxx"));
  EXPECT_LT(std::string_view(error.what()).size(), 200U);
}

TEST(ProtocolTest, BoundsTheLengthAndTheNestingOfALine) {
  const std::string long_line =
      R"({"finished":{"note":")" + std::string(longest_line, 'x') + "\"}}";
  EXPECT_TRUE(has_text(error_of(parse_reply, long_line).what(), "longer than 1048576 bytes"));
  const std::string deep(100'000, '[');
  EXPECT_TRUE(has_text(error_of(parse_reply, deep).what(), "nested too deeply"));
}

TEST(ProtocolTest, NamesBothNumbersWhereTheWorkerSpeaksAHigherProtocol) {
  const Error error = error_of(
      parse_reply,
      R"({"hello":{"protocol":2,"worker":"w","version":"1","devices":[],"precisions":[]}})");
  EXPECT_EQ(error.code(), ErrorCode::unsupported);
  EXPECT_TRUE(has_text(error.what(), "the worker speaks protocol 2, this wattfor protocol 1"));
}

TEST(ProtocolTest, RefusesANameThatIsNotUtf8RatherThanNameAnotherFile) {
  EXPECT_THROW(line_of(Load{.model = "caf\xe9.onnx"}), Error);
}

TEST(ProtocolTest, ReplacesWhatIsNotUtf8InAFailure) {
  EXPECT_EQ(line_of(Failed{FailureKind::error, "caf\xe9"}),
            "{\"failed\":{\"kind\":\"error\",\"message\":\"caf\xef\xbf\xbd\"}}");
}

}  // namespace
}  // namespace wattfor::protocol::protocol_test
