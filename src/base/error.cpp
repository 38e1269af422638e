#include "base/error.h"

#include <fmt/format.h>

#include <cerrno>
#include <string_view>
#include <system_error>

namespace wattfor {
namespace {

ErrorCode code_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return ErrorCode::permission_denied;
    default:
      return ErrorCode::io;
  }
}

std::string_view remedy_of(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return "; check the path";
    case EACCES:
    case EPERM:
      return "; check its permissions, or run as a user who has them";
    case EROFS:
      return "; choose a place that can be written";
    case ENOSPC:
    case EDQUOT:
      return "; free some space, or choose another place";
    case EISDIR:
      return "; name a file, not a folder";
    case EMFILE:
      return "; raise the limit with `ulimit -n`";
    default:
      return "";
  }
}

}  // namespace

Error error_from_errno(int error_number, const std::string& what) {
  return {code_of(error_number),
          fmt::format("{}: {}{}", what, std::generic_category().message(error_number),
                      remedy_of(error_number))};
}

}  // namespace wattfor
