#pragma once

// The part of libcurl's interface that wattfor calls, declared here so that neither its header nor
// the library is needed to build: nothing links against these names, each is looked up at run time.
// The numbers are those of the binary interface libcurl.so.4, which has kept them since 2006.
// Source: include/curl/curl.h in github curl/curl.

#include <cstddef>

namespace wattfor {

// CURLcode.
constexpr int curl_ok = 0;
constexpr int curl_write_failed = 23;
constexpr int curl_certificate_refused = 60;
constexpr int curl_certificate_refused_of_old = 51;  // before version 7.62

// CURLoption: plain numbers take a long, those from 10,000 a pointer, from 20,000 a function.
constexpr int curl_option_follow_location = 52;
constexpr int curl_option_verify_peer = 64;
constexpr int curl_option_verify_host = 81;  // 2: the name must match, 0: any
constexpr int curl_option_no_signal = 99;
constexpr int curl_option_http_auth = 107;
constexpr int curl_option_timeout_ms = 155;  // of the whole request
constexpr int curl_option_protocols = 181;
constexpr int curl_option_quick_exit =
    322;  // since 7.87: a name that is looked up is not waited for
constexpr int curl_option_write_data = 10001;
constexpr int curl_option_url = 10002;
constexpr int curl_option_proxy = 10004;
constexpr int curl_option_error_buffer = 10010;
constexpr int curl_option_user_agent = 10018;
constexpr int curl_option_user_name = 10173;
constexpr int curl_option_password = 10174;
constexpr int curl_option_write_function = 20011;

constexpr int curl_info_response_code = 0x200002;  // CURLINFO; a long

constexpr long curl_global_all = 3;
constexpr long curl_auth_basic = 1;
constexpr long curl_protocols_http_and_https = 3;
constexpr std::size_t curl_error_size = 256;

extern "C" {
int curl_global_init(long flags);
void* curl_easy_init();
int curl_easy_setopt(void* handle, int option, ...);
int curl_easy_perform(void* handle);
int curl_easy_getinfo(void* handle, int info, ...);
void curl_easy_cleanup(void* handle);
const char* curl_easy_strerror(int code);

// What takes the body, piece by piece: fewer bytes taken than given end the transfer.
using CurlWriteFunction = std::size_t (*)(char* bytes, std::size_t size, std::size_t count,
                                          void* data);
}

}  // namespace wattfor
