#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "server/store_content.h"

namespace wattfor {

struct PublishedFolder {
  std::vector<std::filesystem::path> files;
  std::uintmax_t bytes = 0;
  std::vector<std::filesystem::path> stale;  // what else lies in the folder
};

// Writes the explorer with a store's content as files for any static host, and for a browser that
// opens index.html from the disk (docs/api.md, "A published folder"). The folder is made where it
// is not there. Throws Error{usage} where it is no folder, holds a link, or what no earlier
// publication wrote; Error{unsupported} where this program was built without the explorer.
PublishedFolder publish(const std::shared_ptr<const StoreContent>& content,
                        const std::filesystem::path& folder);

}  // namespace wattfor
