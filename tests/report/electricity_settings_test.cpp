#include "report/electricity_settings.h"

#include <gtest/gtest.h>

#include <string>

#include "base/error.h"

namespace wattfor::electricity_settings_test {
namespace {

template <class Try>
std::string refusal(ErrorCode expected, Try attempt) {
  try {
    attempt();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), expected);
    return error.what();
  }
  return "nothing was refused";
}

std::string refused_option(const ElectricitySettings& said) {
  return refusal(ErrorCode::usage, [&] { electricity_of(said, {}); });
}

std::string refused_text(const std::string& text) {
  return refusal(ErrorCode::invalid_input, [&] { parse_configuration(text, "/etc/c.json"); });
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(ElectricitySettingsTest, GuessNoCountry) {
  const Electricity electricity = electricity_of({}, {});
  EXPECT_FALSE(electricity.terms.g_per_kwh);
  EXPECT_FALSE(electricity.terms.kwh_price);
  EXPECT_DOUBLE_EQ(electricity.terms.pue, 1.0);
  EXPECT_EQ(intensity_origin(electricity), "");
  EXPECT_TRUE(has(how_to_say_a_region(), "--region"));
  EXPECT_TRUE(has(how_to_say_a_region(), "--intensity"));
}

TEST(ElectricitySettingsTest, TakeTheGridsFigureWithYearAndSource) {
  const Electricity electricity = electricity_of({.region = "de"}, {});
  EXPECT_DOUBLE_EQ(electricity.terms.g_per_kwh.value(), 380.95);
  EXPECT_EQ(electricity.place, "Germany");
  EXPECT_EQ(intensity_origin(electricity),
            "Germany 2023, Our World in Data, based on Ember and the Energy Institute, CC BY 4.0");
  const auto json = to_json(electricity);
  EXPECT_EQ(json["country_iso_code"], "DEU");
  EXPECT_EQ(json["intensity_year"], 2023);
  EXPECT_EQ(json["kwh_price"], nullptr);
}

TEST(ElectricitySettingsTest, TakeAnIntensityForAnyPlace) {
  const Electricity electricity =
      electricity_of({.region = "Quebec, Canada", .g_per_kwh = 1.7}, {});
  EXPECT_DOUBLE_EQ(electricity.terms.g_per_kwh.value(), 1.7);
  EXPECT_EQ(intensity_origin(electricity), "Quebec, Canada, as given");
  EXPECT_EQ(to_json(electricity)["intensity_year"], nullptr);
}

TEST(ElectricitySettingsTest, PreferTheCommandLineToTheConfiguration) {
  const ElectricitySettings configured{
      .region = "FR", .g_per_kwh = 20.0, .pue = 1.5, .kwh_price = 0.2, .currency = "EUR"};
  EXPECT_DOUBLE_EQ(electricity_of({}, configured).terms.g_per_kwh.value(), 20.0);
  EXPECT_EQ(electricity_of({}, configured).place, "France");
  // Who names another country does not mean the intensity that was kept for home.
  EXPECT_DOUBLE_EQ(electricity_of({.region = "PL"}, configured).terms.g_per_kwh.value(), 661.926);
  const Electricity electricity =
      electricity_of({.pue = 1.1, .kwh_price = 0.5, .currency = "CHF"}, configured);
  EXPECT_DOUBLE_EQ(electricity.terms.pue, 1.1);
  EXPECT_DOUBLE_EQ(electricity.terms.kwh_price.value(), 0.5);
  EXPECT_EQ(electricity.currency, "CHF");
}

TEST(ElectricitySettingsTest, NameTheNearestCountryForATypo) {
  EXPECT_TRUE(has(refused_option({.region = "Germny"}),
                  "--region: there is no intensity of "
                  "'Germny'; did you mean Germany?"));
  EXPECT_TRUE(has(refused_option({.region = "DUE"}), "did you mean"));
  EXPECT_TRUE(has(refused_option({.region = ""}), "expected a country"));
}

TEST(ElectricitySettingsTest, RefuseNumbersThatCannotBe) {
  EXPECT_TRUE(has(refused_option({.pue = 0.9}), "--pue is 0.9: expected 1 or more"));
  EXPECT_TRUE(has(refused_option({.g_per_kwh = -1.0}), "--intensity"));
  EXPECT_TRUE(
      has(refused_option({.g_per_kwh = std::numeric_limits<double>::quiet_NaN()}), "--intensity"));
  EXPECT_TRUE(
      has(refused_option({.kwh_price = std::numeric_limits<double>::infinity()}), "--kwh-price"));
}

TEST(ElectricitySettingsTest, AreReadFromAConfiguration) {
  EXPECT_EQ(
      parse_configuration(R"({"region": "FRA", "intensity_g_per_kwh": 40, "pue": 1.2,
                                    "kwh_price": 0.21, "currency": "EUR"})",
                          "c.json"),
      (ElectricitySettings{
          .region = "FRA", .g_per_kwh = 40.0, .pue = 1.2, .kwh_price = 0.21, .currency = "EUR"}));
  EXPECT_EQ(parse_configuration("{}", "c.json"), ElectricitySettings{});
}

TEST(ElectricitySettingsTest, NameFileAndKeyOfWhatIsWrongInAConfiguration) {
  EXPECT_TRUE(has(refused_text(R"({"regoin": "DE"})"),
                  "/etc/c.json: there is no setting 'regoin'; did you mean 'region'?"));
  EXPECT_TRUE(has(refused_text(R"({"pue": "1.2"})"), "/etc/c.json: 'pue' is \"1.2\": expected 1"));
  EXPECT_TRUE(has(refused_text(R"({"pue": 0.5})"), "'pue' is 0.5: expected 1 or more"));
  EXPECT_TRUE(has(refused_text(R"({"region": "Atlantis"})"), "/etc/c.json: 'region': there is no"));
  EXPECT_TRUE(has(refused_text(R"({"currency": 3})"), "expected a text"));
  for (const char* text : {"", "[]", "region: DE", "{\"region\": ", "\xff"}) {
    EXPECT_TRUE(has(refused_text(text), "/etc/c.json: expected a JSON object")) << text;
  }
}

}  // namespace
}  // namespace wattfor::electricity_settings_test
