#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "measurement/names.h"

namespace wattfor {

// What mixes the parts of an image in a model.
enum class ModelClass {
  cnn,          // convolution or a fixed local filter
  transformer,  // attention in every stage
  hybrid,       // blocks of convolution and of attention
  mlp,          // a layer that sees all of the image, or all of a row, and is no attention
};
template <>
inline constexpr std::array enumerators<ModelClass>{ModelClass::cnn, ModelClass::transformer,
                                                    ModelClass::hybrid, ModelClass::mlp};

std::string_view name_of(ModelClass model_class);

// Models of one architecture, as timm (PyTorch Image Models) names them. Sizes, stems,
// normalisations, and how the weights came about make no family of their own; a block that the
// name tells of (squeeze-and-excitation, registers, …) does.
struct ModelFamily {
  std::string_view name;
  ModelClass model_class = ModelClass::cnn;
  // When the paper that introduced the architecture was first public: its first arXiv version or
  // its conference. Where timm joins the blocks of several papers, it is the newest of them that
  // counts; where there is no paper, the documentation that made it public.
  int year = 0;
  std::string_view paper;  // its title, and its number on arXiv where it has one
  // How the models' names begin, apart by blanks.
  std::string_view prefixes;
};

// The family with the longest prefix that the model's name ("resnet50.a1_in1k") begins with;
// nullptr for an unknown one. A prefix ends where a word does: "swin" is none of "swinv2_tiny".
// What stands before an architecture for where its weights came from ("tf_", "gluon_") is passed
// over.
const ModelFamily* family_of(std::string_view model);

// All that are known.
std::span<const ModelFamily> model_families();
std::vector<std::string> family_names();

}  // namespace wattfor
