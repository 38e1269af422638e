#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sensor/discovery.h"
#include "server/http_types.h"
#include "server/request_target.h"
#include "server/store_content.h"

namespace wattfor {

// What an answer is made of.
struct RouteInput {
  StoreState state;
  DiscoveryRoots roots = {};
  std::string name;  // what stands for {…} in the route's path
  QueryWords query = {};
  bool is_live = true;  // false of a published folder: nothing changes there
};

enum class RouteSource {
  store,    // the same until the store's state is another
  machine,  // asked anew, once its last answer has been kept for long enough
};

struct Route {
  std::string_view path;  // "/api/v1/setups/{id}/points": that part may be any text, slashes too
  RouteSource source = RouteSource::store;
  Lane lane = Lane::quick;
  bool takes_query = false;    // others pass over what stands behind a question mark
  bool tells_problem = false;  // of the store's: others are the same with one and without
  // Throws Error where there is no answer.
  SharedAnswer (*answer)(const RouteInput&) = nullptr;
};

// All that is computed: of the store, and of the machine's sensors. Streams and files are apart.
std::span<const Route> api_routes();

struct FoundRoute {
  const Route* route = nullptr;
  std::string name;
};

// Nothing where no route has the path.
std::optional<FoundRoute> find_route(std::string_view path);

// The route's answer, or the error that it ends in.
SharedAnswer answer_of_route(const Route& route, const RouteInput& input);

}  // namespace wattfor
