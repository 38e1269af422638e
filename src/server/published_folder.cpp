#include "server/published_folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/base64.h"
#include "base/error.h"
#include "base/file.h"
#include "server/assets.h"
#include "server/routes.h"

namespace wattfor {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view page = "/index.html";
constexpr std::string_view assets_folder = "assets";
constexpr std::string_view data_folder = "data";
constexpr std::string_view mark =
    "published-by-wattfor";                     // written first: this folder is an explorer's
constexpr std::size_t longest_file_name = 255;  // bytes, on nearly every file system

// What JavaScript's encodeURIComponent leaves as it is may stand in a file's name, but for a name
// of dots alone.
std::string file_name_of(std::string_view part) {
  constexpr std::string_view plain = "-_.!~*'()";
  const bool is_dots = part.find_first_not_of('.') == std::string_view::npos;
  std::string name;
  for (const char c : part) {
    const bool is_word = ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9');
    if (!is_dots && (is_word || plain.find(c) != std::string_view::npos)) {
      name += c;
    } else {
      name += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  if (name.size() > longest_file_name) {
    throw Error(
        ErrorCode::unsupported,
        fmt::format("the setup '{}' can't be published: its name is too long for a file's", part));
  }
  return name;
}

Error folder_error(const fs::path& folder, const std::error_code& error) {
  return error_from_errno(error.value(), fmt::format("{}: the explorer's folder", folder.string()));
}

bool is_link(const fs::path& path) {
  std::error_code ignored;
  return fs::is_symlink(fs::symlink_status(path, ignored));
}

// Whatever a user may have put there by hand is neither mixed with an explorer nor overwritten, and
// nothing is written through a link that somebody else may have laid.
void require_own(const fs::path& folder) {
  const auto refuse = [&](const std::string& reason) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: {}; name an empty or a new folder", folder.string(), reason));
  };
  if (folder.empty()) throw Error(ErrorCode::usage, "expected a folder for the explorer");
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return;
  if (!fs::is_directory(status)) refuse("expected a folder for the explorer");
  bool is_empty = true;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder, error)) {
    const std::string name = entry.path().lexically_relative(folder).string();
    is_empty = false;
    if (is_link(entry.path())) refuse(fmt::format("holds a link ('{}')", name));
    const bool is_own =
        name == mark || name == page.substr(1) || name == assets_folder || name == data_folder ||
        name.find('/') != std::string::npos ||
        name.starts_with(".wattfor-");  // was being written when a process was killed
    if (!is_own) refuse(fmt::format("holds other things than an explorer ('{}')", name));
  }
  if (error) throw folder_error(folder, error);
  if (!is_empty && !fs::exists(folder / mark, error)) {
    refuse("holds no explorer that wattfor published");
  }
}

class Writer {
 public:
  Writer(std::shared_ptr<const StoreContent> content, fs::path folder)
      : content_(std::move(content)), folder_(std::move(folder)) {}

  void write(const fs::path& relative, std::string_view bytes) {
    const fs::path path = folder_ / relative;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) throw folder_error(path.parent_path(), error);
    write_file(path, bytes);
    result_.files.push_back(path);
    result_.bytes += bytes.size();
  }

  // The answer of /api/v1/NAME as a script, which a page from `file:` may load. `part` is what
  // stands for {…} in the name.
  void write_answer(std::string_view name, std::string_view part = {}) {
    const std::string in_file = with_part(name, file_name_of(part));
    write(fs::path(data_folder) / (in_file + ".js"),
          fmt::format("wattfor_data({}, \"{}\");\n", nlohmann::json(with_part(name, part)).dump(),
                      base64_of(answer(name, part)->body.view())));
  }
  // The same as it is, which a page may show.
  void write_picture(std::string_view name, std::string_view part) {
    write(fs::path(data_folder) / with_part(name, part), answer(name, part)->body.view());
  }

  PublishedFolder finish() {
    const std::set<fs::path> written(result_.files.begin(), result_.files.end());
    std::error_code error;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_, error)) {
      if (entry.is_regular_file() && !written.contains(entry.path())) {
        result_.stale.push_back(entry.path());
      }
    }
    std::ranges::sort(result_.stale);
    return std::move(result_);
  }

 private:
  static std::string with_part(std::string_view name, std::string_view part) {
    std::string whole(name);
    const auto open = whole.find('{');
    if (open != std::string::npos) whole.replace(open, whole.find('}') + 1 - open, part);
    return whole;
  }

  SharedAnswer answer(std::string_view name, std::string_view part) const {
    const std::string path = fmt::format("/api/v1/{}", name);
    const auto route = std::ranges::find(api_routes(), path, &Route::path);
    const SharedAnswer answer =
        answer_of_route(*route, {.state = {.content = content_, .problem = ""},
                                 .name = std::string(part),
                                 .is_live = false});
    if (answer->status == 200) return answer;
    const auto body = nlohmann::json::parse(answer->body.view());
    throw Error(ErrorCode::not_found, body.at("error").at("message").get<std::string>());
  }

  std::shared_ptr<const StoreContent> content_;
  fs::path folder_;
  PublishedFolder result_;
};

// Null where there is nothing to analyse.
const Findings* findings_of(const StoreContent& content) {
  try {
    return &content.findings();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    return nullptr;
  }
}

}  // namespace

PublishedFolder publish(const std::shared_ptr<const StoreContent>& content,
                        const fs::path& folder) {
  const std::vector<std::string_view> assets = explorer_files();
  if (assets.size() < 2) {
    throw Error(ErrorCode::unsupported,
                "this program was built without the explorer: build it with `make release`");
  }
  require_own(folder);
  for (const SetupColumns& columns : content->models().setups) file_name_of(columns.setup.id);
  Writer writer(content, folder);
  writer.write(mark, fmt::format("wattfor {}\n", WATTFOR_VERSION));
  // The page comes last: what was broken off shows nothing half.
  for (const std::string_view path : assets) {
    if (path != page) writer.write(path.substr(1), asset_at(path)->body.view());
  }
  writer.write_answer("models");
  for (const SetupColumns& columns : content->models().setups) {
    writer.write_answer("setups/{id}/points", columns.setup.id);
  }
  writer.write_answer("batch-curves");
  writer.write_answer("training");
  if (const Findings* findings = findings_of(*content)) {
    writer.write_answer("findings");
    for (const ReportSection& section : findings->report.sections) {
      for (const Figure& figure : section.figures) {
        writer.write_picture("figures/{name}", figure.id + ".svg");
      }
    }
  }
  writer.write_answer("catalogue");
  writer.write(page.substr(1), asset_at(page)->body.view());
  return writer.finish();
}

}  // namespace wattfor
