#pragma once

#include <string_view>
#include <vector>

#include "server/http_types.h"

namespace wattfor {

// What the program carries: the explorer's files, or a page that says that it was built without,
// and the description of the interface. Null where there is nothing of that path.
SharedAnswer asset_at(std::string_view path);

// The paths of the explorer's own files; a single one where the program was built without it.
std::vector<std::string_view> explorer_files();

// Whether a file bears its content's hash in its name, as bundlers write it ("index-Bx3f_9aQ.js").
bool has_hashed_name(std::string_view path);

}  // namespace wattfor
