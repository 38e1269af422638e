#include "document/markup.h"

#include <gtest/gtest.h>

namespace wattfor::markup_test {
namespace {

TEST(MarkupTest, LeavesNoXmlInAText) {
  EXPECT_EQ("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;",
            xml_text("<script>alert('1')</script> & \""));
  // What XML has no place for, and what turns the text around.
  EXPECT_EQ("a b?c?d?e?", xml_text("a\nb\x01"
                                   "c\u202ed\uffffe\xff"));
}

TEST(MarkupTest, LeavesNoMarkdownInAText) {
  EXPECT_EQ("a&#124;b \\_c\\_ &lt;b&gt; \\[x\\](y) \\`d\\` &#64;all",
            markdown_text("a|b _c_ <b> [x](y) `d` @all"));
  EXPECT_EQ("a b", markdown_text("a\nb"));
  EXPECT_EQ("\\- no list", markdown_text("- no list"));
}

TEST(MarkupTest, LeavesNoCommandInALatexText) {
  EXPECT_EQ("\\textbackslash{}input\\{x\\}", latex_text("\\input{x}"));
  EXPECT_EQ("50\\% \\& \\#1 \\$ a\\_b \\textasciicircum{} \\textasciitilde{}",
            latex_text("50% & #1 $ a_b ^ ~"));
  EXPECT_EQ("a-{}-b {[}c] {\\char34}", latex_text("a--b [c] \""));
  EXPECT_EQ("a b?c", latex_text("a\nb\x01"
                                "c"));
}

TEST(MarkupTest, KeepsASpreadsheetFromTakingATextForAFormula) {
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(1)", "  =1"}) {
    EXPECT_EQ(std::string("'") + formula, csv_text(formula));
  }
  EXPECT_EQ("\"'=1,2\"", csv_text("=1,2"));
  EXPECT_EQ("vit-b=1", csv_text("vit-b=1"));
  EXPECT_EQ("' =1", csv_text("\t=1"));
  EXPECT_EQ("\"say \"\"a\"\"\"", csv_text("say \"a\""));
}

}  // namespace
}  // namespace wattfor::markup_test
