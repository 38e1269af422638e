#pragma once

#include <string>
#include <string_view>
#include <vector>

// The command line as plain data, read from the parser itself: what --help, man pages and
// completions are made of, so that they say the same.
namespace wattfor::cli {

// What a shell can offer for an argument besides `Argument::choices`.
enum class Offer { nothing, files, folders, command };

// An option, or a positional argument.
struct Argument {
  std::vector<std::string> names{};  // "-h", "--help"; of a positional its one bare name
  std::string value{};               // what --help calls its value, e.g. FILE; empty of a flag
  Offer offer = Offer::nothing;      // follows from the words of `value`: FILE, FOLDER, COMMAND
  std::vector<std::string>
      choices{};                // the words that it takes by name, of which it may take others
  std::string limits{};         // what the value is checked for, e.g. "1 - 60000", "json, csv"
  std::string default_value{};  // empty: none, or `help` tells it
  std::string help{};           // one line
  bool required = false;
  bool repeats = false;  // takes more than one value
};

// Of the text below the options in --help: a title with its lines, or a paragraph without one.
struct Section {
  struct Line {
    std::string term{};  // the whole line where it has no explanation (an example)
    std::string text{};  // what stands two spaces or more behind the term, unwrapped
  };
  std::string title{};      // "Examples", "Environment"; empty of a paragraph
  std::string paragraph{};  // unwrapped
  std::vector<Line> lines{};
};

struct VerbSyntax {
  std::string name{};
  std::string summary{};
  std::vector<Argument> options{};
  std::vector<Argument> positionals{};
  std::vector<Section> sections{};
};

struct CommandLine {
  std::string name{};
  std::string version{};
  std::string about{};  // one line
  std::vector<Argument> options{};
  std::vector<VerbSyntax> verbs{};
  std::vector<Section> sections{};
};

// The lines of a text joined by spaces: where a source wraps, a page or a screen wraps otherwise.
std::string unwrapped(std::string_view text);

// A footer of --help. A blank line ends a section. "Examples:" with indented lines below is a
// titled one; a line indented further belongs to the one above; anything else is a paragraph.
std::vector<Section> sections_of(std::string_view footer);

// The help, then what the value is checked for, and the default.
std::string explanation(const Argument& argument);

// Fills `offer` and `choices` from the value's name: "FILE" is a file; of "LIST|auto" and of
// "[accuracy] FILE" the words in lower case are taken as they are.
void offer_by_value(Argument& argument);

}  // namespace wattfor::cli
