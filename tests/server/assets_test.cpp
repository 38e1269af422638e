#include "server/assets.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/text.h"

namespace wattfor::assets_test {
namespace {

TEST(AssetsTest, HoldAPageAtTheStart) {
  const SharedAnswer page = asset_at("/");
  ASSERT_NE(nullptr, page);
  EXPECT_EQ(page, asset_at("/index.html"));
  EXPECT_EQ("text/html; charset=utf-8", page->content_type);
  EXPECT_EQ(Caching::revalidate, page->caching);
  EXPECT_NE(std::string::npos, page->body.view().find("<title>"));
  EXPECT_TRUE(trimmed(page->body.view()).ends_with("</html>")) << "all of it, nothing behind it";
  EXPECT_FALSE(page->etag.empty());
}

TEST(AssetsTest, RunNothingFromWithinThePage) {
  const std::string_view page = asset_at("/")->body.view();
  EXPECT_EQ(std::string::npos, page.find("<style"));
  EXPECT_EQ(std::string::npos, page.find(" style="));
  EXPECT_EQ(std::string::npos, page.find("<script>"));
  EXPECT_EQ(std::string::npos, page.find(" onclick="));
  EXPECT_EQ(std::string::npos, page.find("https://"));
}

TEST(AssetsTest, HoldTheDescriptionOfTheInterface) {
  const SharedAnswer description = asset_at("/api/v1/openapi.json");
  ASSERT_NE(nullptr, description);
  EXPECT_EQ("application/json", description->content_type);
  const auto json = nlohmann::json::parse(description->body.view());
  EXPECT_EQ("3.1.0", json.at("openapi"));
  const std::string_view gzip = description->gzip.view();
  ASSERT_GT(gzip.size(), 2U);
  EXPECT_EQ("\x1f\x8b", gzip.substr(0, 2));
  EXPECT_LT(gzip.size(), description->body.view().size());
}

TEST(AssetsTest, HoldNothingElse) {
  for (const char* path : {"", "/x", "/index", "/INDEX.HTML", "/index.html/", "//"}) {
    EXPECT_EQ(nullptr, asset_at(path)) << path;
  }
}

TEST(AssetsTest, AreKeptForeverWhereTheirNameTellsTheirContent) {
  EXPECT_TRUE(has_hashed_name("/assets/index.Bx3f_9aQ.js"));
  EXPECT_TRUE(has_hashed_name("/assets/index-Bx3f-9aQ.css"));
  for (const char* path : {"/index.html", "/assets/index.js", "/assets/logo.svg", "/Bx3f_9aQ.js",
                           "/assets/Bx3f_9aQ.js", "/assets/a.Bx3f 9aQ.js"}) {
    EXPECT_FALSE(has_hashed_name(path)) << path;
  }
}

}  // namespace
}  // namespace wattfor::assets_test
