#include "server/routes.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "report/rank.h"
#include "server/assets.h"
#include "server/sample_store.h"
#include "support/temp_tree.h"

namespace wattfor::routes_test {
namespace {

using Json = nlohmann::json;

SharedAnswer answer_at(std::string_view path, QueryWords query = {},
                       const StoreState& state = test::sample_state()) {
  const auto found = find_route(path);
  if (!found) {
    ADD_FAILURE() << "no route to " << path;
    return nullptr;
  }
  const test::TempTree nothing;  // a machine without sensors
  const DiscoveryRoots roots{
      .sysfs = nothing.root(), .procfs = "/proc", .nvml_library = "", .profiles = {}};
  return answer_of_route(
      *found->route,
      {.state = state, .roots = roots, .name = found->name, .query = std::move(query)});
}

Json json_at(std::string_view path, QueryWords query = {},
             const StoreState& state = test::sample_state()) {
  const SharedAnswer answer = answer_at(path, std::move(query), state);
  EXPECT_EQ(200, answer->status) << answer->body.view();
  EXPECT_EQ("application/json", answer->content_type);
  return Json::parse(answer->body.view());
}

std::string message_at(std::string_view path, int status, QueryWords query = {},
                       const StoreState& state = test::sample_state()) {
  const SharedAnswer answer = answer_at(path, std::move(query), state);
  EXPECT_EQ(status, answer->status) << answer->body.view();
  return Json::parse(answer->body.view()).at("error").at("message");
}

TEST(RoutesTest, AreFoundByTheirWholePath) {
  EXPECT_TRUE(find_route("/api/v1/rank"));
  for (const char* path : {"/api/v1/rank/", "/api/v1/ran", "/api/v1", "/", "", "/rank",
                           "/api/v1/figures/", "/api/v1/setups//points", "/API/v1/rank"}) {
    EXPECT_FALSE(find_route(path)) << path;
  }
  const auto figure = find_route("/api/v1/figures/energy.svg");
  ASSERT_TRUE(figure);
  EXPECT_EQ("energy.svg", figure->name);
  const auto points = find_route("/api/v1/setups/dev/rt/points");
  ASSERT_TRUE(points);
  EXPECT_EQ("dev/rt", points->name);
}

TEST(RoutesTest, AreAllDescribed) {
  const Json description = Json::parse(asset_at("/api/v1/openapi.json")->body.view());
  const Json& paths = description.at("paths");
  std::set<std::string> described;
  for (const auto& [path, item] : paths.items()) described.insert(path);
  for (const Route& route : api_routes()) {
    EXPECT_EQ(1U, described.erase(std::string(route.path))) << route.path;
  }
  // What is left is no route's.
  EXPECT_EQ((std::set<std::string>{"/api/v1/events", "/api/v1/openapi.json", "/metrics"}),
            described);
}

TEST(RoutesTest, TellWhatThereIsToChooseFrom) {
  StoreState state = test::sample_state();
  Json catalogue = json_at("/api/v1/catalogue", {}, state);
  EXPECT_EQ(state.content->version(), catalogue.at("version").get<std::string>());
  EXPECT_EQ("A100_PT", catalogue.at("setups").at(0).at("id").get<std::string>());
  EXPECT_TRUE(catalogue.at("live"));
  EXPECT_TRUE(catalogue.at("problem").is_null());
  state.problem = "the store is gone";
  EXPECT_EQ("the store is gone",
            json_at("/api/v1/catalogue", {}, state).at("problem").get<std::string>());
}

TEST(RoutesTest, GiveColumnsOfModelsAndOfASetup) {
  for (const char* path : {"/api/v1/models", "/api/v1/setups/A100_PT/points"}) {
    const SharedAnswer columns = answer_at(path);
    EXPECT_EQ("application/vnd.wattfor.columns", columns->content_type);
    EXPECT_TRUE(columns->body.view().starts_with("WFC1"));
  }
  EXPECT_NE(std::string::npos, message_at("/api/v1/setups/H100/points", 404).find("A100_PT"));
}

TEST(RoutesTest, RankAsTheReportDoes) {
  const StoreState state = test::sample_state();
  RankQuery query;
  query.weight = 0.25;
  query.top = 1;
  EXPECT_EQ(to_json(rank(state.content->models(), query)),
            json_at("/api/v1/rank", {{"weight", "0.25"}, {"top", "1"}}, state));
}

TEST(RoutesTest, GiveNamesThatAreMarkupAsText) {
  const Json json = json_at("/api/v1/rank");
  std::set<std::string> models;
  for (const Json& row : json.at("rows")) models.insert(row.at("model"));
  EXPECT_TRUE(models.contains("<script>alert(1)</script>"));
}

TEST(RoutesTest, SayWhatIsWrongWithTheQuestion) {
  EXPECT_NE(std::string::npos, message_at("/api/v1/rank", 400, {{"wait", "1"}}).find("'weight'"));
  EXPECT_NE(std::string::npos, message_at("/api/v1/rank", 400, {{"weight", "2"}}).find("0 "));
  EXPECT_NE(std::string::npos,
            message_at("/api/v1/rank", 404, {{"setup", "H100"}}).find("A100_PT"));
}

TEST(RoutesTest, ListTheFiguresOfTheFindingsAndDrawEach) {
  const StoreState state = test::sample_state();
  const Json figures = json_at("/api/v1/findings", {}, state).at("figures");
  ASSERT_FALSE(figures.empty());
  for (const Json& figure : figures) {
    const std::string path = "/api/v1/figures/" + figure.at("name").get<std::string>() + ".svg";
    const SharedAnswer svg = answer_at(path, {}, state);
    EXPECT_EQ(200, svg->status) << path;
    EXPECT_EQ("image/svg+xml", svg->content_type);
    EXPECT_EQ(std::string::npos, svg->body.view().find("<script")) << path;
  }
  EXPECT_NE(std::string::npos,
            message_at("/api/v1/figures/nothing.svg", 404, {}, state).find("/api/v1/findings"));
  EXPECT_EQ(404, answer_at("/api/v1/figures/energy", {}, state)->status);
}

TEST(RoutesTest, AnswerOfAnEmptyStore) {
  const StoreState empty;
  EXPECT_TRUE(json_at("/api/v1/batch-curves", {}, empty).at("batch_curves").empty());
  EXPECT_TRUE(json_at("/api/v1/training", {}, empty).at("sam").empty());
  EXPECT_NE(std::string::npos,
            message_at("/api/v1/findings", 404, {}, empty).find("wattfor sweep"));
  EXPECT_EQ(404, answer_at("/api/v1/rank", {}, empty)->status);
}

TEST(RoutesTest, KeepNothingOfTheStoreWaitingForTheMachine) {
  for (const Route& route : api_routes()) {
    EXPECT_EQ(route.source == RouteSource::machine, route.lane == Lane::machine) << route.path;
  }
}

TEST(RoutesTest, TellWhatTheMachineCanMeasure) {
  const Json json = json_at("/api/v1/sensors");
  EXPECT_TRUE(json.contains("sensors"));
  EXPECT_TRUE(json.contains("obstacles"));
}

}  // namespace
}  // namespace wattfor::routes_test
