#include "server/service.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "base/clock.h"
#include "sensor/meter_spec.h"
#include "server/sample_store.h"
#include "support/temp_tree.h"

namespace wattfor::service_test {
namespace {

using Json = nlohmann::json;

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() { service.set_state(test::sample_state()); }

  static HttpRequest get(std::string target) {
    HttpRequest request;
    request.target = std::move(target);
    request.host = "localhost:8300";
    return request;
  }
  HttpReply reply(std::string target) { return service.reply(get(std::move(target))); }
  // Does a job as the transport would.
  SharedAnswer answer(std::string target) {
    HttpReply given = reply(std::move(target));
    if (auto* const done = std::get_if<SharedAnswer>(&given)) return *done;
    auto& job = std::get<HttpJob>(given);
    SharedAnswer made = job.work();
    job.done(made);
    return made;
  }
  std::shared_ptr<EventQueue> listen() {
    return std::get<std::shared_ptr<EventQueue>>(reply("/api/v1/events"));
  }

  int wanted = 0;
  Service service{{.port = 8300}, {}, [this](Seconds) { ++wanted; }};
};

TEST_F(ServiceTest, ComputesAnAnswerOnceForEachStateOfTheStore) {
  EXPECT_TRUE(std::holds_alternative<HttpJob>(reply("/api/v1/rank?top=1")));
  const SharedAnswer first = answer("/api/v1/rank?top=1");
  const HttpReply again = reply("/api/v1/rank?top=1");
  ASSERT_TRUE(std::holds_alternative<SharedAnswer>(again));
  EXPECT_EQ(first, std::get<SharedAnswer>(again));
  EXPECT_TRUE(std::holds_alternative<HttpJob>(reply("/api/v1/rank?top=2")));
  service.set_state(test::sample_state());
  EXPECT_TRUE(std::holds_alternative<HttpJob>(reply("/api/v1/rank?top=1")));
}

// A controller locks out who comes with a wrong password again and again.
TEST_F(ServiceTest, AsksTheMetersNoMoreOftenHoweverManyAskIt) {
  const test::TempTree tree;
  const auto clock = std::make_shared<ManualClock>();
  DiscoveryRoots roots{.sysfs = tree.root(), .procfs = "/proc", .nvml_library = ""};
  roots.meters = meter_specs({"csv:" + (tree / "w.csv").string()});
  Service metering{{.port = 8300}, roots, [](Seconds) {}, clock};
  const auto looks = [&] {
    HttpReply given = metering.reply(get("/api/v1/sensors"));
    auto* const job = std::get_if<HttpJob>(&given);
    if (job == nullptr) return false;
    job->done(job->work());
    return true;
  };
  EXPECT_TRUE(looks());
  EXPECT_FALSE(looks()) << "the meter did not answer a moment ago";
  clock->advance(std::chrono::seconds(59));
  metering.set_state(test::sample_state());
  EXPECT_FALSE(looks()) << "nor is it asked for the store's sake";
  clock->advance(std::chrono::seconds(1));
  tree.write("w.csv", "time_us,power_w\n1,100\n2,100\n");
  EXPECT_TRUE(looks());
}

TEST_F(ServiceTest, LooksAtAMachineWithoutFaultsAgainSoon) {
  const test::TempTree tree;
  const auto clock = std::make_shared<ManualClock>();
  Service metering{{.port = 8300},
                   {.sysfs = tree.root(), .procfs = "/proc", .nvml_library = ""},
                   [](Seconds) {},
                   clock};
  HttpReply asked = metering.reply(get("/api/v1/sensors"));
  auto& job = std::get<HttpJob>(asked);
  const SharedAnswer answer = job.work();
  job.done(answer);
  const HttpReply again = metering.reply(get("/api/v1/sensors"));
  EXPECT_EQ(answer, std::get<SharedAnswer>(again));
  clock->advance(std::chrono::seconds(5));
  EXPECT_TRUE(std::holds_alternative<HttpJob>(metering.reply(get("/api/v1/sensors"))));
}

TEST_F(ServiceTest, KeepsAllButTheCatalogueWhereTheStoresProblemAloneIsAnother) {
  StoreState state = test::sample_state();
  service.set_state(state);
  answer("/api/v1/training");
  answer("/api/v1/rank?top=1");
  answer("/api/v1/catalogue");
  state.problem = "locked";
  service.set_state(state);
  EXPECT_TRUE(std::holds_alternative<SharedAnswer>(reply("/api/v1/training")));
  EXPECT_TRUE(std::holds_alternative<SharedAnswer>(reply("/api/v1/rank?top=1")));
  EXPECT_EQ("locked", Json::parse(answer("/api/v1/catalogue")->body.view()).at("problem"));
}

TEST_F(ServiceTest, KeepsNoAnswerOfAStateThatHasPassed) {
  HttpReply asked = reply("/api/v1/rank");
  auto& job = std::get<HttpJob>(asked);
  service.set_state(StoreState{});
  job.done(job.work());
  EXPECT_EQ(404, answer("/api/v1/rank")->status) << "the store is empty now";
}

TEST_F(ServiceTest, PassesOverAQueryWhereNothingIsToBeSaid) {
  answer("/api/v1/training?x=1");
  EXPECT_TRUE(std::holds_alternative<SharedAnswer>(reply("/api/v1/training?x=2")));
}

TEST_F(ServiceTest, LetsNothingPassTheGuards) {
  for (const char* target : {"/", "/api/v1/rank", "/api/v1/events", "/metrics", "/nothing"}) {
    HttpRequest request = get(target);
    request.host = "evil.example";
    EXPECT_EQ(403, std::get<SharedAnswer>(service.reply(request))->status) << target;
  }
  EXPECT_EQ(400, answer("/../etc/passwd")->status);
}

TEST_F(ServiceTest, MakesTheTokenOfTheAddressACookie) {
  Service open{{.port = 8300, .token = "secret"}, {}, [](Seconds) {}};
  const auto redirected = std::get<SharedAnswer>(open.reply(get("/?token=secret")));
  EXPECT_EQ(303, redirected->status);
  HttpRequest request = get("/");
  EXPECT_EQ(401, std::get<SharedAnswer>(open.reply(request))->status);
  request.cookie = "wattfor_8300=secret";
  EXPECT_EQ(200, std::get<SharedAnswer>(open.reply(request))->status);
}

TEST_F(ServiceTest, SaysWhereToLookWhereThereIsNothing) {
  const SharedAnswer nothing = answer("/api/v1/nothing");
  EXPECT_EQ(404, nothing->status);
  EXPECT_NE(std::string_view::npos, nothing->body.view().find("openapi.json"));
}

TEST_F(ServiceTest, TellsAReaderHowThingsStandAndThenWhatChanges) {
  const auto events = listen();
  const std::string at_first = events->take();
  EXPECT_TRUE(at_first.starts_with("event: store\ndata: {\"problem\":null,\"version\":\""));
  EXPECT_NE(std::string::npos, at_first.find("event: running\ndata: {\"runs\":[]}\n\n"));
  StoreState gone = test::sample_state();
  gone.problem = "the store\nis gone";
  service.set_state(gone);
  EXPECT_NE(std::string::npos, events->take().find(R"("problem":"the store\nis gone")"));
  Measurement record;
  record.id = "long";
  record.started_at = "2026-01-31T12:00:00Z";
  record.energy.duration = Seconds(2.5);
  record.cell.emplace();
  record.cell->setup.id = "dev";
  record.cell->model.name = "m";
  record.cell->model.input_size = 8;
  record.cell->batch_size = 4;
  service.set_running({record});
  EXPECT_EQ(
      "event: running\ndata: {\"runs\":[{\"batch_size\":4,\"elapsed_s\":2.5,\"energy_j\":null,"
      "\"id\":\"long\",\"input_size\":8,\"model\":\"m\",\"name\":\"\",\"setup\":\"dev\","
      "\"started_at\":\"2026-01-31T12:00:00Z\",\"verb\":\"sweep\"}]}\n\n",
      events->take());
}

TEST_F(ServiceTest, WantsPowerAsLongAsSomebodyListens) {
  service.tell_power(TopView{});
  EXPECT_EQ(0, wanted) << "nobody listens";
  auto events = listen();
  EXPECT_EQ(1, wanted);
  events->take();
  service.tell_power(TopView{});
  EXPECT_EQ(2, wanted);
  EXPECT_TRUE(events->take().starts_with("event: power\ndata: {"));
  events.reset();
  service.tell_power(TopView{});
  EXPECT_EQ(2, wanted);
}

TEST_F(ServiceTest, TellsPrometheusWhatTheMeterSawLast) {
  const SharedAnswer first = answer("/metrics");
  EXPECT_EQ("text/plain; version=0.0.4; charset=utf-8", first->content_type);
  EXPECT_EQ(1, wanted) << "a scrape has the meter started";
  EXPECT_EQ(std::string::npos, first->body.view().find("wattfor_power_watts"));
  TopView view;
  view.components.emplace_back();
  view.components[0].name = "gpu 0";
  view.components[0].figure.power = Watts(312.0);
  service.tell_power(view);
  EXPECT_NE(std::string::npos, answer("/metrics")->body.view().find("312"));
  service.tell_power(std::nullopt);
  EXPECT_EQ(std::string::npos, answer("/metrics")->body.view().find("312"));
}

TEST_F(ServiceTest, AnswersHeadOfAStreamWithoutOpeningOne) {
  HttpRequest request = get("/api/v1/events");
  request.method = HttpMethod::head;
  const HttpReply given = service.reply(request);
  EXPECT_EQ("text/event-stream", std::get<SharedAnswer>(given)->content_type);
}

}  // namespace
}  // namespace wattfor::service_test
