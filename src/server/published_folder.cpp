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
  return name;
}

Error folder_error(const fs::path& folder, const std::error_code& error) {
  return error_from_errno(error.value(), fmt::format("{}: the explorer's folder", folder.string()));
}

// Whatever a user may have put there by hand is neither mixed with an explorer nor overwritten.
void require_own(const fs::path& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return;
  if (!fs::is_directory(status)) {
    throw Error(
        ErrorCode::usage,
        fmt::format("{}: expected a folder for the explorer; name another", folder.string()));
  }
  const std::set<std::string, std::less<>> own{
      std::string(page.substr(1)), std::string(assets_folder), std::string(data_folder)};
  fs::directory_iterator entries(folder, error);
  if (error) throw folder_error(folder, error);
  bool is_empty = true;
  for (const fs::directory_entry& entry : entries) {
    const std::string name = entry.path().filename().string();
    is_empty = false;
    if (own.contains(name)) continue;
    throw Error(
        ErrorCode::usage,
        fmt::format("{}: holds other things than an explorer ('{}'); name an empty or a new "
                    "folder",
                    folder.string(), name));
  }
  if (!is_empty && !fs::exists(folder / data_folder / "catalogue.js", error)) {
    throw Error(ErrorCode::usage,
                fmt::format("{}: holds no explorer that wattfor published; name an empty or a new "
                            "folder",
                            folder.string()));
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
    throw Error(ErrorCode::not_found, std::string(answer->body.view()));
  }

  std::shared_ptr<const StoreContent> content_;
  fs::path folder_;
  PublishedFolder result_;
};

}  // namespace

PublishedFolder publish(const std::shared_ptr<const StoreContent>& content,
                        const fs::path& folder) {
  const std::vector<std::string_view> assets = explorer_files();
  if (assets.size() < 2) {
    throw Error(ErrorCode::unsupported,
                "this program was built without the explorer: build it with `make release`");
  }
  require_own(folder);
  Writer writer(content, folder);
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
  if (content->models().rows() > 0) {
    writer.write_answer("findings");
    for (const ReportSection& section : content->findings().report.sections) {
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
