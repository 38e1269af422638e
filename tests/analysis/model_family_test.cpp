#include "analysis/model_family.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "support/csv_column.h"
#include "support/published_data.h"

namespace wattfor::model_family_test {
namespace {

using enum ModelClass;

struct Claim {
  std::string_view model;
  std::string_view family;
  ModelClass model_class;
  int year;
};

void expect_family(const Claim& claim) {
  SCOPED_TRACE(claim.model);
  const ModelFamily* family = family_of(claim.model);
  ASSERT_NE(nullptr, family);
  EXPECT_EQ(claim.family, family->name);
  EXPECT_EQ(name_of(claim.model_class), name_of(family->model_class));
  EXPECT_EQ(claim.year, family->year);
}

std::vector<std::string> prefixes_of(const ModelFamily& family) {
  std::istringstream words{std::string(family.prefixes)};
  std::vector<std::string> prefixes;
  for (std::string word; words >> word;) prefixes.push_back(word);
  return prefixes;
}

TEST(ModelClassTest, HasTheNamesOfTheStudy) {
  EXPECT_EQ("CNN", name_of(cnn));
  EXPECT_EQ("Transformer", name_of(transformer));
  EXPECT_EQ("Hybrid", name_of(hybrid));
  EXPECT_EQ("MLP", name_of(mlp));
  EXPECT_EQ(hybrid, from_name<ModelClass>("Hybrid"));
}

TEST(ModelFamilyTest, KnowsConvolutionalNetworks) {
  for (const Claim& claim : {
           Claim{"vgg16_bn.tv_in1k", "VGG", cnn, 2014},
           Claim{"resnet50.a1_in1k", "ResNet", cnn, 2015},
           Claim{"resnet50d.ra2_in1k", "ResNet", cnn, 2015},
           Claim{"resnetv2_50.a1h_in1k", "ResNet v2", cnn, 2016},
           Claim{"resnetv2_50x1_bit.goog_in21k", "BiT", cnn, 2019},
           Claim{"resnetrs50.tf_in1k", "ResNet-RS", cnn, 2021},
           Claim{"resnetaa50.a1h_in1k", "Anti-aliased ResNet", cnn, 2019},
           Claim{"resnext50_32x4d.a1_in1k", "ResNeXt", cnn, 2016},
           Claim{"seresnext50_32x4d.racm_in1k", "SENet", cnn, 2017},
           Claim{"seresnextaa101d_32x8d.ah_in1k", "Anti-aliased ResNet", cnn, 2019},
           Claim{"gcresnet33ts.ra2_in1k", "GCNet", cnn, 2019},
           Claim{"ecaresnetlight.miil_in1k", "ECA-Net", cnn, 2019},
           Claim{"resnest50d.in1k", "ResNeSt", cnn, 2020},
           Claim{"dla60x.in1k", "DLA", cnn, 2017},
           Claim{"dla60_res2net.in1k", "Res2Net", cnn, 2019},
           Claim{"xception41p.ra3_in1k", "Aligned Xception", cnn, 2018},
           Claim{"inception_v3.tv_in1k", "Inception v3", cnn, 2015},
           Claim{"inception_resnet_v2.tf_in1k", "Inception v4", cnn, 2016},
           Claim{"inception_next_tiny.sail_in1k", "InceptionNeXt", cnn, 2023},
           Claim{"mobilenetv3_rw.rmsp_in1k", "MobileNet v3", cnn, 2019},
           Claim{"mobilenetv4_conv_small.e2400_r224_in1k", "MobileNet v4", cnn, 2024},
           Claim{"efficientnet_b0.ra_in1k", "EfficientNet", cnn, 2019},
           Claim{"efficientnet_el_pruned.in1k", "EfficientNet-EdgeTPU", cnn, 2020},
           Claim{"efficientnetv2_rw_s.ra2_in1k", "EfficientNet v2", cnn, 2021},
           Claim{"efficientnet_h_b5.sw_r448_e450_in1k", "EfficientNet-X", cnn, 2021},
           Claim{"ghostnetv2_100.in1k", "GhostNet v2", cnn, 2022},
           Claim{"regnety_160.swag_ft_in1k", "RegNet", cnn, 2020},
           Claim{"regnetz_d8.ra3_in1k", "RegNetZ", cnn, 2021},
           Claim{"nf_regnet_b1.ra2_in1k", "NF-ResNet", cnn, 2021},
           Claim{"eca_nfnet_l0.ra2_in1k", "NFNet", cnn, 2021},
           Claim{"convnext_tiny.fb_in1k", "ConvNeXt", cnn, 2022},
           Claim{"convnextv2_tiny.fcmae_ft_in1k", "ConvNeXt v2", cnn, 2023},
           Claim{"convmixer_768_32.in1k", "ConvMixer", cnn, 2022},
           Claim{"convformer_s18.sail_in1k", "ConvFormer", cnn, 2022},
           Claim{"poolformer_s12.sail_in1k", "PoolFormer", cnn, 2021},
           Claim{"poolformerv2_s12.sail_in1k", "PoolFormer v2", cnn, 2022},
           Claim{"focalnet_tiny_srf.ms_in1k", "FocalNet", cnn, 2022},
           Claim{"fastvit_t8.apple_in1k", "FastViT without attention", cnn, 2023},
           Claim{"fastvit_s12.apple_in1k", "FastViT without attention", cnn, 2023},
           Claim{"repvit_m1.dist_in1k", "RepViT", cnn, 2023},
           Claim{"hgnetv2_b0.ssld_stage1_in22k_in1k", "PP-HGNet v2", cnn, 2023},
           Claim{"mambaout_tiny.in1k", "MambaOut", cnn, 2024},
           Claim{"rdnet_tiny.nv_in1k", "RDNet", cnn, 2024},
           Claim{"starnet_s1.in1k", "StarNet", cnn, 2024},
       }) {
    expect_family(claim);
  }
}

TEST(ModelFamilyTest, KnowsTransformers) {
  for (const Claim& claim : {
           Claim{"vit_base_patch16_224.augreg_in21k", "ViT", transformer, 2020},
           Claim{"vit_base_patch16_clip_224.openai_ft_in1k", "ViT", transformer, 2020},
           Claim{"vit_relpos_base_patch16_224.sw_in1k", "ViT with relative positions", transformer,
                 2021},
           Claim{"vit_medium_patch16_reg4_gap_256.sbb_in12k", "ViT with registers", transformer,
                 2023},
           Claim{"vit_so400m_patch14_siglip_378.webli_ft_in1k", "SoViT", transformer, 2023},
           Claim{"vit_base_patch16_rope_mixed_224.naver_in1k", "RoPE-ViT", transformer, 2024},
           Claim{"deit_base_distilled_patch16_224.fb_in1k", "DeiT", transformer, 2020},
           Claim{"deit3_base_patch16_224.fb_in1k", "DeiT III", transformer, 2022},
           Claim{"beit_base_patch16_224.in22k_ft_in22k_in1k", "BEiT", transformer, 2021},
           Claim{"beitv2_base_patch16_224.in1k_ft_in1k", "BEiT v2", transformer, 2022},
           Claim{"beit3_base_patch16_224.in22k_ft_in1k", "BEiT-3", transformer, 2022},
           Claim{"eva_giant_patch14_224.clip_ft_in1k", "EVA", transformer, 2022},
           Claim{"eva02_tiny_patch14_336.mim_in22k_ft_in1k", "EVA-02", transformer, 2023},
           Claim{"flexivit_base.1200ep_in1k", "FlexiViT", transformer, 2022},
           Claim{"cait_s24_224.fb_dist_in1k", "CaiT", transformer, 2021},
           Claim{"xcit_nano_12_p16_224.fb_in1k", "XCiT", transformer, 2021},
           Claim{"crossvit_tiny_240.in1k", "CrossViT", transformer, 2021},
           Claim{"coat_lite_tiny.in1k", "CoaT", transformer, 2021},
           Claim{"convit_tiny.fb_in1k", "ConViT", transformer, 2021},
           Claim{"twins_svt_small.in1k", "Twins", transformer, 2021},
           Claim{"pvt_v2_b0.in1k", "PVT v2", transformer, 2021},
           Claim{"pit_ti_224.in1k", "PiT", transformer, 2021},
           Claim{"tnt_s_legacy_patch16_224.in1k", "TNT", transformer, 2021},
           Claim{"nest_tiny_jx.goog_in1k", "NesT", transformer, 2021},
           Claim{"swin_tiny_patch4_window7_224.ms_in1k", "Swin", transformer, 2021},
           Claim{"swin_s3_tiny_224.ms_in1k", "Swin S3", transformer, 2021},
           Claim{"swinv2_cr_tiny_ns_224.sw_in1k", "Swin v2", transformer, 2021},
           Claim{"mvitv2_tiny.fb_in1k", "MViT v2", transformer, 2021},
           Claim{"volo_d1_224.sail_in1k", "VOLO", transformer, 2021},
           Claim{"davit_tiny.msft_in1k", "DaViT", transformer, 2022},
           Claim{"gcvit_tiny.in1k", "GC ViT", transformer, 2022},
           Claim{"hiera_tiny_224.mae_in1k_ft_in1k", "Hiera", transformer, 2023},
           Claim{"naflexvit_base_patch16_gap.e300_s576_in1k", "NaFlexViT", transformer, 2025},
       }) {
    expect_family(claim);
  }
}

TEST(ModelFamilyTest, KnowsHybrids) {
  for (const Claim& claim : {
           Claim{"vit_tiny_r_s16_p8_224.augreg_in21k", "ViT behind a ResNet", hybrid, 2020},
           Claim{"vit_small_r26_s32_224.augreg_in21k", "ViT behind a ResNet", hybrid, 2020},
           Claim{"vit_base_r50_s16_384.orig_in21k_ft_in1k", "ViT behind a ResNet", hybrid, 2020},
           Claim{"vit_base_resnet50d_224.untrained", "ViT behind a ResNet", hybrid, 2020},
           Claim{"bat_resnext26ts.ch_in1k", "BAT", hybrid, 2020},
           Claim{"botnet26t_256.c1_in1k", "BoTNet", hybrid, 2021},
           Claim{"sehalonet33ts.ra2_in1k", "HaloNet", hybrid, 2021},
           Claim{"lamhalobotnet50ts_256.a1h_in1k", "HaloNet", hybrid, 2021},
           Claim{"lambda_resnet26t.c1_in1k", "LambdaNet", hybrid, 2021},
           Claim{"coatnet_0_rw_224.sw_in1k", "CoAtNet", hybrid, 2021},
           Claim{"coatnext_nano_rw_224.sw_in1k", "CoAtNeXt", hybrid, 2022},
           Claim{"levit_conv_128.fb_dist_in1k", "LeViT", hybrid, 2021},
           Claim{"visformer_tiny.in1k", "Visformer", hybrid, 2021},
           Claim{"mobilevit_s.cvnets_in1k", "MobileViT", hybrid, 2021},
           Claim{"mobilevitv2_050.cvnets_in1k", "MobileViT v2", hybrid, 2022},
           Claim{"maxvit_tiny_tf_224.in1k", "MaxViT", hybrid, 2022},
           Claim{"maxxvitv2_nano_rw_256.sw_in1k", "MaxViT", hybrid, 2022},
           Claim{"caformer_s18.sail_in1k", "CAFormer", hybrid, 2022},
           Claim{"edgenext_small.usi_in1k", "EdgeNeXt", hybrid, 2022},
           Claim{"efficientformer_l1.snap_dist_in1k", "EfficientFormer", hybrid, 2022},
           Claim{"efficientformerv2_s0.snap_dist_in1k", "EfficientFormer v2", hybrid, 2022},
           Claim{"efficientvit_b0.r224_in1k", "EfficientViT (MIT)", hybrid, 2022},
           Claim{"efficientvit_l2.r224_in1k", "EfficientViT (MIT)", hybrid, 2022},
           Claim{"efficientvit_m0.r224_in1k", "EfficientViT (Microsoft)", hybrid, 2023},
           Claim{"nextvit_small.bd_in1k", "Next-ViT", hybrid, 2022},
           Claim{"tiny_vit_5m_224.dist_in22k_ft_in1k", "TinyViT", hybrid, 2022},
           Claim{"fastvit_sa12.apple_in1k", "FastViT", hybrid, 2023},
           Claim{"fastvit_mci0.apple_mclip", "MobileCLIP", hybrid, 2023},
           Claim{"swiftformer_s.dist_in1k", "SwiftFormer", hybrid, 2023},
           Claim{"mobilenetv4_hybrid_medium.e500_r224_in1k", "MobileNet v4 hybrid", hybrid, 2024},
           Claim{"shvit_s1.in1k", "SHViT", hybrid, 2024},
           Claim{"vitamin_small_224.datacomp1b_clip", "ViTamin", hybrid, 2024},
       }) {
    expect_family(claim);
  }
}

TEST(ModelFamilyTest, KnowsMlps) {
  for (const Claim& claim : {
           Claim{"mixer_b16_224.goog_in21k_ft_in1k", "MLP-Mixer", mlp, 2021},
           Claim{"gmixer_24_224.ra3_in1k", "MLP-Mixer", mlp, 2021},
           Claim{"resmlp_12_224.fb_in1k", "ResMLP", mlp, 2021},
           Claim{"gmlp_s16_224.ra3_in1k", "gMLP", mlp, 2021},
           Claim{"sequencer2d_s.in1k", "Sequencer", mlp, 2022},
       }) {
    expect_family(claim);
  }
}

TEST(ModelFamilyTest, PassesOverWhereWeightsCameFrom) {
  expect_family({"tf_efficientnet_b0.ns_jft_in1k", "EfficientNet", cnn, 2019});
  expect_family({"dm_nfnet_f0.dm_in1k", "NFNet", cnn, 2021});
  expect_family({"legacy_seresnet50.in1k", "SENet", cnn, 2017});
  expect_family({"gluon_resnet50_v1b", "ResNet", cnn, 2015});
  expect_family({"ens_adv_inception_resnet_v2", "Inception v4", cnn, 2016});
  expect_family({"test_vit.r160_in1k", "ViT", transformer, 2020});
}

TEST(ModelFamilyTest, CutsNoWord) {
  EXPECT_EQ(nullptr, family_of("vitality_base"));
  EXPECT_EQ(nullptr, family_of("resnetfoo50"));
  EXPECT_EQ("ViT", family_of("vit")->name);
  EXPECT_EQ("ViT", family_of("vit_base_rotated")->name);
}

TEST(ModelFamilyTest, IsNothingForAnUnknownModel) {
  EXPECT_EQ(nullptr, family_of(""));
  EXPECT_EQ(nullptr, family_of("tf_"));
  EXPECT_EQ(nullptr, family_of("a"));
  EXPECT_EQ(nullptr, family_of("resne"));
  EXPECT_EQ(nullptr, family_of("my_own_model"));
  EXPECT_EQ(nullptr, family_of("zzz"));
  EXPECT_EQ(nullptr, family_of(std::string_view("\xff\0vit", 5)));
}

TEST(ModelFamilyTest, HasEachPrefixOnceAndFindsEachFamilyByIt) {
  std::set<std::string> seen;
  for (const ModelFamily& family : model_families()) {
    const auto prefixes = prefixes_of(family);
    EXPECT_FALSE(prefixes.empty()) << family.name;
    for (const std::string& prefix : prefixes) {
      EXPECT_TRUE(seen.insert(prefix).second) << prefix;
      EXPECT_EQ(&family, family_of(prefix)) << prefix;
    }
  }
}

TEST(ModelFamilyTest, FindsWhatASearchOfAllPrefixesFinds) {
  std::map<std::string, const ModelFamily*> families;
  for (const ModelFamily& family : model_families()) {
    for (const std::string& prefix : prefixes_of(family)) families[prefix] = &family;
  }
  // Each prefix with each of these behind it, and each without its last character.
  std::vector<std::string> names;
  for (const auto& [prefix, family] : families) {
    for (const char* rest : {".in1k", "_0", "7", "v2", "x"}) names.push_back(prefix + rest);
    names.push_back(prefix.substr(0, prefix.size() - 1));
  }
  const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  for (const std::string& name : names) {
    const ModelFamily* longest = nullptr;
    std::size_t length = 0;
    for (const auto& [prefix, family] : families) {
      if (!name.starts_with(prefix) || prefix.size() < length) continue;
      const bool goes_on = prefix.size() < name.size();
      if (goes_on && is_letter(prefix.back()) && is_letter(name[prefix.size()])) continue;
      longest = family;
      length = prefix.size();
    }
    EXPECT_EQ(longest, family_of(name)) << name;
  }
}

TEST(ModelFamilyTest, IsNamedOnceAndDatedWithinTheFieldsTime) {
  std::set<std::string_view> names;
  for (const ModelFamily& family : model_families()) {
    EXPECT_TRUE(names.insert(family.name).second) << family.name;
    EXPECT_GE(family.year, 1998) << family.name;
    EXPECT_LE(family.year, 2026) << family.name;
    EXPECT_FALSE(family.paper.empty()) << family.name;
  }
}

TEST(ModelFamilyTest, IsOfTheYearThatItsNumberOnArxivTells) {
  for (const ModelFamily& family : model_families()) {
    const auto number = family.paper.find("arXiv ");
    if (number == std::string_view::npos) continue;
    const int year = 2000 + std::stoi(std::string(family.paper.substr(number + 6, 2)));
    EXPECT_EQ(year, family.year) << family.name;
  }
}

TEST(ModelFamilyTest, KnowsEveryPublishedModel) {
  const auto study = test::published_data() / "inference-energy";
  const auto timm = test::published_data() / "timm-results" / "results-imagenet.csv";
  if (!std::filesystem::exists(study) || !std::filesystem::exists(timm)) {
    GTEST_SKIP() << "no published tables in " << test::published_data();
  }
  std::vector<std::string> models = test::csv_column(timm, "model");
  for (const char* file :
       {"A100_PT.csv", "A100_TRT.csv", "H100_PT.csv", "H100_TRT.csv", "model_accuracy.csv"}) {
    std::ranges::copy(test::csv_column(study / file, "Model Name"), std::back_inserter(models));
  }
  std::ranges::copy(test::csv_column(study / "model_stats.csv", "model_name"),
                    std::back_inserter(models));
  EXPECT_GT(models.size(), 8000U);
  for (const std::string& model : models) EXPECT_NE(nullptr, family_of(model)) << model;
}

}  // namespace
}  // namespace wattfor::model_family_test
