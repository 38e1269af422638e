#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"
#include "server/http_types.h"

namespace wattfor {

// An answer with an ETag of its content, and compressed where that is worth it.
SharedAnswer answer_of(std::string body, std::string content_type);
SharedAnswer json_answer(const nlohmann::json& json);

// {"error": {"code": …, "message": …}}, never kept by anybody.
SharedAnswer error_answer(int status, std::string_view code, std::string_view message);
// By the status that a guard or the transport decided on.
SharedAnswer refusal_answer(int status, std::string_view message);
// By what an operation ended for.
SharedAnswer error_answer(const Error& error);

// "text/css; charset=utf-8" of "style.css"; what is not known is bytes.
std::string_view content_type_of(std::string_view file);

}  // namespace wattfor
