#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/verbs.h"
#include "document/text_table.h"
#include "measurement/json.h"
#include "server/published_folder.h"
#include "server/store_content.h"
#include "store/store.h"

namespace wattfor::cli {
namespace {

nlohmann::json names_of(const std::vector<std::filesystem::path>& files) {
  nlohmann::json names = nlohmann::json::array();
  for (const std::filesystem::path& file : files) names.push_back(file.string());
  return names;
}

}  // namespace

int run_verb(const PublishOptions& options) {
  const auto content =
      std::make_shared<const StoreContent>(Store(store_path(options.db), StoreAccess::read));
  const std::filesystem::path folder = options.folder;
  const PublishedFolder published = publish(content, folder);
  if (options.json) {
    fmt::print("{}\n", dump({{"folder", folder.string()},
                             {"files", names_of(published.files)},
                             {"bytes", published.bytes},
                             {"stale", names_of(published.stale)}},
                            2));
    return 0;
  }
  fmt::print("{}: {} files, {:.1f} MB; open {}\n", printable(folder.string()),
             published.files.size(), static_cast<double>(published.bytes) * 1e-6,
             printable((folder / "index.html").string()));
  for (const std::filesystem::path& file : published.stale) {
    fmt::print(stderr, "{}: not of this publication\n", printable(file.string()));
  }
  return 0;
}

}  // namespace wattfor::cli
