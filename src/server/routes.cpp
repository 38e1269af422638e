#include "server/routes.h"

#include <fmt/format.h>

#include <array>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "base/error.h"
#include "document/figure_picture.h"
#include "measurement/json.h"
#include "meter/machine.h"
#include "report/analysis_json.h"
#include "report/batch_section.h"
#include "report/catalogue.h"
#include "report/json_values.h"
#include "report/judged_setup.h"
#include "report/model_columns.h"
#include "report/rank.h"
#include "report/sensors_view.h"
#include "report/training_json.h"
#include "sensor/external_meter.h"
#include "sensor/host.h"
#include "server/answers.h"
#include "server/rank_words.h"

namespace wattfor {
namespace {

using Json = nlohmann::json;

constexpr const char* columns_type = "application/vnd.wattfor.columns";

SharedAnswer catalogue_answer(const RouteInput& input) {
  const StoreContent& content = *input.state.content;
  Json json = catalogue_json({.table = content.models(),
                              .version = content.version(),
                              .training_runs = content.training_runs().size(),
                              .batch_curves = content.batch_curves().size(),
                              .is_live = input.is_live});
  json["problem"] = text_or_null(input.state.problem);
  return json_answer(json);
}

SharedAnswer models_answer(const RouteInput& input) {
  const StoreContent& content = *input.state.content;
  return answer_of(model_columns(content.models(), content.training_runs(), content.version()),
                   columns_type);
}

SharedAnswer points_answer(const RouteInput& input) {
  const StoreContent& content = *input.state.content;
  const SetupColumns& setup = required_setup(content.models(), input.name);
  return answer_of(point_columns(content.models(), setup, content.version()), columns_type);
}

SharedAnswer rank_answer(const RouteInput& input) {
  const RankQuery query = rank_query(input.query);
  const StoreContent& content = *input.state.content;
  return json_answer(to_json(rank(content.models(), query, content.training_runs())));
}

SharedAnswer findings_answer(const RouteInput& input) {
  const Findings& findings = input.state.content->findings();
  Json json = to_json(findings.analysis);
  Json figures = Json::array();
  for (const ReportSection& section : findings.report.sections) {
    for (const Figure& figure : section.figures) {
      figures.push_back({{"name", figure.id},
                         {"title", figure.title},
                         {"caption", figure.caption},
                         {"section", section.heading}});
    }
  }
  json["figures"] = std::move(figures);
  return json_answer(json);
}

SharedAnswer figure_answer(const RouteInput& input) {
  constexpr std::string_view ending = ".svg";
  std::vector<std::string> there;
  if (input.name.ends_with(ending)) {
    const auto id = std::string_view(input.name).substr(0, input.name.size() - ending.size());
    for (const ReportSection& section : input.state.content->findings().report.sections) {
      for (const Figure& figure : section.figures) {
        if (figure.id == id) return answer_of(figure_svg(figure), "image/svg+xml");
      }
    }
  }
  throw Error(
      ErrorCode::not_found,
      fmt::format("there is no figure '{}'; `figures` of /api/v1/findings lists them", input.name));
}

// These two need none of the rest of an analysis, which refuses a store without measured models.
SharedAnswer batch_curves_answer(const RouteInput& input) {
  Analysis analysis;
  analysis.batch_curves = input.state.content->batch_curves();
  return json_answer({{"batch_curves", batch_curves_json(analysis)}});
}

SharedAnswer training_answer(const RouteInput& input) {
  const auto& runs = input.state.content->training_runs();
  return json_answer(training_json(runs.empty() ? Analysis{} : analyze({}, runs, {})));
}

// Each look opens the meters anew, so that their own pauses between questions hold nobody up who
// asks in a loop.
SharedAnswer sensors_answer(const RouteInput& input) {
  constexpr Seconds longest_kept{5.0};
  const ProbeResult found = devices_to_meter(input.roots);
  ServedAnswer answer = *json_answer(
      sensors_json(sensors_view(read_host_facts(input.roots.procfs, input.roots.sysfs), found)));
  answer.kept_for = silent_meter_among(found.obstacles) ? pause_after_refusal : longest_kept;
  return std::make_shared<const ServedAnswer>(std::move(answer));
}

constexpr std::array routes{
    Route{.path = "/api/v1/catalogue", .tells_problem = true, .answer = catalogue_answer},
    Route{.path = "/api/v1/models", .lane = Lane::slow, .answer = models_answer},
    Route{.path = "/api/v1/setups/{id}/points", .lane = Lane::slow, .answer = points_answer},
    Route{.path = "/api/v1/rank", .takes_query = true, .answer = rank_answer},
    Route{.path = "/api/v1/batch-curves", .answer = batch_curves_answer},
    Route{.path = "/api/v1/training", .answer = training_answer},
    Route{.path = "/api/v1/findings", .lane = Lane::slow, .answer = findings_answer},
    Route{.path = "/api/v1/figures/{name}", .lane = Lane::slow, .answer = figure_answer},
    Route{.path = "/api/v1/sensors",
          .source = RouteSource::machine,
          .lane = Lane::machine,
          .answer = sensors_answer},
};

}  // namespace

std::span<const Route> api_routes() { return routes; }

std::optional<FoundRoute> find_route(std::string_view path) {
  for (const Route& route : routes) {
    const auto open = route.path.find('{');
    if (open == std::string_view::npos) {
      if (route.path == path) return FoundRoute{.route = &route, .name = ""};
      continue;
    }
    const std::string_view before = route.path.substr(0, open);
    const std::string_view behind = route.path.substr(route.path.find('}') + 1);
    if (path.size() <= before.size() + behind.size() || !path.starts_with(before) ||
        !path.ends_with(behind)) {
      continue;
    }
    path.remove_prefix(before.size());
    path.remove_suffix(behind.size());
    return FoundRoute{.route = &route, .name = std::string(path)};
  }
  return std::nullopt;
}

SharedAnswer answer_of_route(const Route& route, const RouteInput& input) {
  try {
    return route.answer(input);
  } catch (const Error& error) {
    return error_answer(error);
  } catch (const std::exception& failure) {
    return refusal_answer(500, failure.what());
  }
}

}  // namespace wattfor
