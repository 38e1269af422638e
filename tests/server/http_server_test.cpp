#include "server/http_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "server/answers.h"
#include "support/refusal.h"

namespace wattfor::http_server_test {
namespace {

using std::chrono::milliseconds;

// One connection to a server on the loopback.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    there.sin_port = htons(port);
    EXPECT_EQ(0, ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&there), sizeof there));
  }

  // False where the server has closed.
  bool send(std::string_view text) {
    return ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(text.size());
  }
  // What comes until `end` has; all until the server closes where that never comes.
  std::string read_until(std::string_view end) {
    while (received_.find(end) == std::string::npos) {
      if (!read_more()) return std::exchange(received_, {});
    }
    const auto size = received_.find(end) + end.size();
    std::string text = received_.substr(0, size);
    received_.erase(0, size);
    return text;
  }
  std::string read_to_the_end() {
    while (read_more()) {
    }
    return std::exchange(received_, {});
  }
  void wait_for_something() {
    pollfd waiting{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    EXPECT_EQ(1, ::poll(&waiting, 1, patience_ms));
  }
  void finish_sending() { ::shutdown(socket_.get(), SHUT_WR); }

 private:
  static constexpr int patience_ms = 20'000;  // for a loaded machine; an answer comes at once

  bool read_more() {
    pollfd waiting{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, patience_ms) <= 0) {
      ADD_FAILURE() << "the server said nothing; so far: " << received_;
      return false;
    }
    std::array<char, 4096> bytes{};
    const ssize_t count = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    received_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
  }

  UniqueFd socket_;
  std::string received_;
};

constexpr const char* get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

class HttpServerTest : public ::testing::Test {
 protected:
  ~HttpServerTest() override { stop(); }

  void start(HttpHandler handler, HttpLimits limits = {}) {
    server = std::make_unique<HttpServer>("127.0.0.1", std::uint16_t{0}, limits);
    thread = std::thread([this, handler = std::move(handler)] {
      server->run(handler, stop_fd.get(), [] { return true; });
    });
  }
  void start(HttpLimits limits = {}) {
    start([](const HttpRequest& request) { return echo(request); }, limits);
  }
  void stop() {
    if (!thread.joinable()) return;
    const std::uint64_t one = 1;
    EXPECT_EQ(static_cast<ssize_t>(sizeof one), ::write(stop_fd.get(), &one, sizeof one));
    thread.join();
  }
  Client client() const { return Client(server->port()); }

  static SharedAnswer echo(const HttpRequest& request) {
    return answer_of("<" + request.target + ">", "text/plain");
  }

  UniqueFd stop_fd{::eventfd(0, EFD_CLOEXEC)};
  std::unique_ptr<HttpServer> server;
  std::thread thread;
};

TEST_F(HttpServerTest, AnswersOneRequestAfterAnotherOnAConnection) {
  start();
  Client one = client();
  for (int i = 0; i < 3; ++i) {
    one.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(one.read_until("</a>").starts_with("HTTP/1.1 200 OK\r\n"));
  }
  one.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\nGET /c HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(one.read_until("</b>").starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(one.read_until("</c>").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_F(HttpServerTest, ReadsAHeadThatComesByteForByte) {
  start();
  Client one = client();
  for (const char letter : std::string(get)) one.send({&letter, 1});
  EXPECT_TRUE(one.read_until("</>").starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST_F(HttpServerTest, EndsTheConnectionWhereTheClientWantsThat) {
  start();
  Client one = client();
  one.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_NE(std::string::npos, one.read_to_the_end().find("\r\nConnection: close\r\n"));
  Client old = client();
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.read_to_the_end().ends_with("</>"));
}

TEST_F(HttpServerTest, RefusesWhatIsNoRequest) {
  start();
  for (const char* text :
       {"\x16\x03\x01\x02", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nNo colon\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nA : b\r\n\r\n", "GET /\x01 HTTP/1.1\r\n\r\n"}) {
    Client one = client();
    one.send(text);
    one.finish_sending();
    const std::string answer = one.read_to_the_end();
    EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 400 ")) << text << answer;
  }
}

TEST_F(HttpServerTest, RefusesOtherMethodsAndBodies) {
  start();
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"}) {
    Client one = client();
    one.send(std::string(method) + " / HTTP/1.1\r\nHost: x\r\n\r\n");
    const std::string answer = one.read_until("}}\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 405 ")) << answer;
    EXPECT_NE(std::string::npos, answer.find("\r\nAllow: GET, HEAD\r\n"));
  }
  for (const char* body : {"Content-Length: 5\r\n\r\nhello", "Content-Length: 99999999999\r\n\r\n",
                           "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"}) {
    Client one = client();
    one.send(std::string("GET / HTTP/1.1\r\nHost: x\r\n") + body);
    const std::string answer = one.read_to_the_end();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 ")) << answer;
  }
}

TEST_F(HttpServerTest, RefusesAHeadThatIsTooLong) {
  start();
  Client one = client();
  one.send("GET / HTTP/1.1\r\nHost: x\r\nCookie: " + std::string(20'000, 'a') + "\r\n\r\n");
  EXPECT_TRUE(one.read_to_the_end().starts_with("HTTP/1.1 431 "));
  Client long_target = client();
  long_target.send("GET /" + std::string(20'000, 'a'));
  EXPECT_TRUE(long_target.read_to_the_end().starts_with("HTTP/1.1 431 "));
}

TEST_F(HttpServerTest, LeavesAClientWhoseHeadHasNoEnd) {
  start({.head = milliseconds(40)});
  Client one = client();
  one.send("GET / HTTP/1.1\r\nHost: x\r\n");
  EXPECT_EQ("", one.read_to_the_end());
}

TEST_F(HttpServerTest, LeavesAClientThatGoesOnForEver) {
  start({.head = milliseconds(40)});
  Client one = client();
  one.send("GET / HTTP/1.1\r\n");
  // A header a while; the deadline is the whole head's and not the next byte's.
  while (one.send("A: b\r\n")) std::this_thread::yield();
}

TEST_F(HttpServerTest, LeavesAClientThatAsksNothing) {
  start({.idle = milliseconds(40)});
  Client one = client();
  EXPECT_EQ("", one.read_to_the_end());
}

TEST_F(HttpServerTest, LeavesAClientThatDoesNotReadItsAnswer) {
  const std::size_t more_than_sockets_hold = 32 << 20;
  const SharedAnswer large = answer_of(std::string(more_than_sockets_hold, 'a'), "text/plain");
  start([&](const HttpRequest&) { return large; },
        {.write = milliseconds(40), .stop = std::chrono::hours(1)});
  Client one = client();
  one.send(get);
  one.wait_for_something();
  stop();  // not before the answer under way has ended
  EXPECT_LT(one.read_to_the_end().size(), more_than_sockets_hold);
}

TEST_F(HttpServerTest, TellsClientsThatThereAreTooMany) {
  start({.most_connections = 2});
  Client one = client();
  Client two = client();
  for (Client* each : {&one, &two}) {
    each->send(get);
    each->read_until("</>");
  }
  Client three = client();
  three.send(get);
  EXPECT_TRUE(three.read_to_the_end().starts_with("HTTP/1.1 503 "));
  one.send(get);
  EXPECT_TRUE(one.read_until("</>").starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, AnswersOthersWhileItComputes) {
  std::promise<void> finish;
  std::atomic<int> begun{0};
  start([&, finished = finish.get_future().share()](const HttpRequest& request) -> HttpReply {
    if (request.target != "/slow") return echo(request);
    return HttpJob{.key = "slow",
                   .lane = Lane::slow,
                   .work =
                       [&begun, finished] {
                         ++begun;
                         finished.wait();
                         return answer_of("computed", "text/plain");
                       },
                   .done = [](const SharedAnswer&) {}};
  });
  Client slow = client();
  Client too = client();
  slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  too.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  Client quick = client();
  for (int i = 0; i < 10; ++i) {
    quick.send(get);
    EXPECT_TRUE(quick.read_until("</>").starts_with("HTTP/1.1 200 "));
  }
  finish.set_value();
  EXPECT_TRUE(slow.read_until("computed").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(too.read_until("computed").starts_with("HTTP/1.1 200 "));
  EXPECT_LE(begun, 2) << "once, unless the second came after the first's end";
}

TEST_F(HttpServerTest, ComputesWhileTheMachineIsAsked) {
  std::promise<void> finish;
  start([finished = finish.get_future().share()](const HttpRequest& request) -> HttpReply {
    const bool is_of_machine = request.target == "/machine";
    return HttpJob{.key = request.target,
                   .lane = is_of_machine ? Lane::machine : Lane::slow,
                   .work =
                       [is_of_machine, finished, request] {
                         if (is_of_machine) finished.wait();
                         return echo(request);
                       },
                   .done = [](const SharedAnswer&) {}};
  });
  Client meter = client();
  meter.send("GET /machine HTTP/1.1\r\nHost: x\r\n\r\n");
  Client store = client();
  store.send("GET /models HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(store.read_until("</models>").starts_with("HTTP/1.1 200 "));
  finish.set_value();
  EXPECT_TRUE(meter.read_until("</machine>").starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, BeginsNoMoreJobsThanItMay) {
  std::promise<void> begin;
  std::promise<void> finish;
  start(
      [&, finished = finish.get_future().share()](const HttpRequest& request) -> HttpReply {
        return HttpJob{.key = request.target,
                       .work =
                           [&begin, finished, request] {
                             begin.set_value();
                             finished.wait();
                             return echo(request);
                           },
                       .done = [](const SharedAnswer&) {}};
      },
      {.waiting_jobs = 1});
  Client one = client();
  one.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
  begin.get_future().wait();
  Client two = client();
  two.send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(two.read_until("}}\n").starts_with("HTTP/1.1 503 "));
  finish.set_value();
  EXPECT_TRUE(one.read_until("</1>").starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, AnswersWhatWentWrongWithAStatus) {
  start([](const HttpRequest&) -> HttpReply { throw Error(ErrorCode::io, "broken"); });
  Client one = client();
  one.send(get);
  EXPECT_TRUE(one.read_until("}}\n").starts_with("HTTP/1.1 500 "));
}

// Streams of events, with the reader's end in the test's hand.
class HttpStreamTest : public HttpServerTest {
 protected:
  void start_stream(HttpLimits limits = {}) {
    start([this](const HttpRequest&) -> HttpReply { return readers.add_reader(); }, limits);
  }
  void send_event(const std::string& data) {
    server->post([this, data] { readers.send("power", data); });
  }
  // Counted by the thread that they belong to.
  std::size_t count() {
    std::promise<std::size_t> counted;
    server->post([&] { counted.set_value(readers.readers()); });
    return counted.get_future().get();
  }

  Broadcaster readers{10};
};

TEST_F(HttpStreamTest, SendsEachEventAsItComes) {
  start_stream();
  Client one = client();
  one.send(get);
  EXPECT_NE(std::string::npos,
            one.read_until("\r\n\r\n").find("\r\nContent-Type: text/event-stream\r\n"));
  send_event("1");
  EXPECT_EQ("event: power\ndata: 1\n\n", one.read_until("\n\n"));
  send_event("2");
  EXPECT_EQ("event: power\ndata: 2\n\n", one.read_until("\n\n"));
}

TEST_F(HttpStreamTest, SaysACommentWhereNothingHappens) {
  start_stream({.event_comment = milliseconds(10)});
  Client one = client();
  one.send(get);
  one.read_until("\r\n\r\n");
  EXPECT_EQ(":\n\n", one.read_until("\n\n"));
  EXPECT_EQ(":\n\n", one.read_until("\n\n"));
}

TEST_F(HttpStreamTest, NoticesAReaderThatLeaves) {
  start_stream();
  {
    Client one = client();
    one.send(get);
    one.read_until("\r\n\r\n");
    EXPECT_EQ(1U, count());
  }
  while (count() > 0) std::this_thread::yield();
}

TEST_F(HttpStreamTest, LeavesAReaderThatDoesNotRead) {
  start_stream({.write = milliseconds(40)});
  Client one = client();
  one.send(get);
  one.read_until("\r\n\r\n");
  const std::string data(100'000, 'x');
  while (count() > 0) send_event(data);
}

TEST_F(HttpStreamTest, EndsWithTheServer) {
  start_stream();
  Client one = client();
  one.send(get);
  one.read_until("\r\n\r\n");
  stop();
  EXPECT_EQ("", one.read_to_the_end());
}

TEST(HttpServerAddressTest, SaysHowToGoOnWhereThePortIsTaken) {
  const HttpServer first("127.0.0.1", 0);
  test::expect_refusal(
      test::refusal_of([&] { const HttpServer second("127.0.0.1", first.port()); }),
      ErrorCode::usage, "--port 0");
}

TEST(HttpServerAddressTest, RefusesWhatIsNoAddress) {
  test::expect_refusal(test::refusal_of([] { const HttpServer server("lab.example", 0); }),
                       ErrorCode::usage, "lab.example");
}

}  // namespace
}  // namespace wattfor::http_server_test
