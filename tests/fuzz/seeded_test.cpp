#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "net/random.hpp"
#include "tests/catch.hpp"
#include "tests/fuzz/entries.hpp"

namespace {

constexpr std::uint64_t seed = 20261125;
constexpr std::size_t longest_input = 6000;

std::vector<std::string> corpus_of(const std::string& target) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(DEVBOX_SOURCE_DIR "/tests/fuzz/corpus/" + target))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> inputs;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return inputs;
}

/// Changes of an input by chance, the same ones for the same seed.
class Mutations {
 public:
  explicit Mutations(std::vector<std::string> corpus) : corpus_(std::move(corpus)), random_(seed) {}

  std::string next() {
    std::string input = any();
    for (auto changes = 1 + random_.below(4); changes > 0; --changes) change(input);
    if (input.size() > longest_input) input.resize(longest_input);
    return input;
  }

 private:
  const std::string& any() { return corpus_[random_.below(corpus_.size())]; }

  std::string piece(const std::string& of) {
    const auto from = random_.below(of.size() + 1);
    return of.substr(from, random_.below(24));
  }

  void change(std::string& input) {
    const auto at = random_.below(input.size() + 1);
    switch (random_.below(6)) {
      case 0:
        input.insert(at, 1, static_cast<char>(random_.below(256)));
        break;
      case 1:
        if (at < input.size()) input[at] = static_cast<char>(input[at] ^ (1 << random_.below(8)));
        break;
      case 2:
        input.erase(at, random_.below(16));
        break;
      case 3:
        input.insert(at, piece(input));
        break;
      case 4:
        input.insert(at, piece(any()));
        break;
      default:
        input.resize(at);
        break;
    }
  }

  std::vector<std::string> corpus_;
  net::Random random_;
};

void feed(void (*entry)(std::string_view), const std::string& target, int rounds) {
  const auto corpus = corpus_of(target);
  REQUIRE_FALSE(corpus.empty());
  for (const auto& input : corpus) entry(input);
  Mutations mutations(corpus);
  for (int round = 0; round < rounds; ++round) {
    const auto input = mutations.next();
    INFO("seed " << seed << ", round " << round << ": " << Catch::Detail::stringify(input));
    REQUIRE_NOTHROW(entry(input));
  }
}

std::string repeated(const std::string& piece, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("whatever is typed is a request or refused") { feed(fuzz::grammar, "grammar", 60000); }
TEST_CASE("whatever a workspace posts is a report or refused") {
  feed(fuzz::report_check, "report_check", 60000);
}
TEST_CASE("whatever a peer of the control socket writes is read") {
  feed(fuzz::control_line, "control_line", 60000);
}
TEST_CASE("whatever stands in a configuration is one or refused") { feed(fuzz::config, "config", 60000); }

TEST_CASE("whatever a homeserver answers is read or refused") {
  feed(fuzz::matrix_event, "matrix_event", 20000);
}

TEST_CASE("whatever is asked of the simulated cloud is answered or refused") {
  feed(fuzz::sim_request, "sim_request", 2000);
  feed(fuzz::sim_target, "sim_target", 2000);
  feed(fuzz::sim_body, "sim_body", 2000);
}
TEST_CASE("whatever selects by labels is a selector or refused") {
  feed(fuzz::sim_selector, "sim_selector", 20000);
}

TEST_CASE("whatever is very long is answered or refused by the simulated cloud") {
  constexpr std::size_t most = 1'000'000;
  for (const std::string piece : {"a", "1", "-", ".", " ", ",", "(", "=", "a=b,", "é", "[", "{\"a\":"}) {
    INFO(piece);
    const auto text = repeated(piece, most / piece.size());
    CHECK_NOTHROW(fuzz::sim_selector(text.substr(0, 30'000)));
    CHECK_NOTHROW(fuzz::sim_target("GET /v1/servers?label_selector=" + text.substr(0, 30'000)));
    CHECK_NOTHROW(
        fuzz::sim_target("GET /v1/servers/117748811/metrics?type=cpu&end=2026-11-25T00:00:00Z&start=" +
                         text.substr(0, 30'000)));
    CHECK_NOTHROW(fuzz::sim_target("GET /v1/servers/117748811/metrics?type=cpu&start=2026-11-25T00:00:00." +
                                   text.substr(0, 30'000)));
    CHECK_NOTHROW(fuzz::sim_body("POST /v1/servers\n" + text));
    for (const std::string body :
         {R"({"name":"volume","size":10,"location":"$"})", R"({"name":"$","size":10})",
          R"({"name":"v","size":10,"location":"fsn1","labels":{"$":"$"}})"}) {
      auto filled = body;
      for (auto at = filled.find('$'); at != filled.npos; at = filled.find('$')) filled.replace(at, 1, text);
      CHECK_NOTHROW(fuzz::sim_body("POST /v1/volumes\n" + filled));
    }
    const auto port =
        R"({"rules":[{"direction":"in","protocol":"tcp","source_ips":["::/0"],"port":")" + text + R"("}]})";
    CHECK_NOTHROW(fuzz::sim_body("POST /v1/firewalls/117748808/actions/set_rules\n" + port));
  }
}

TEST_CASE("whatever is nested too deeply is read or refused") {
  constexpr std::size_t deep = 100'000;
  const auto closed = repeated("[", deep) + repeated("]", deep);
  for (const std::string open : {"[", "{\"a\":", "<@", "a."}) {
    INFO(open);
    CHECK_NOTHROW(fuzz::grammar(repeated(open, deep)));
    CHECK_NOTHROW(fuzz::report_check("{\"v\":1,\"jobs\":" + repeated(open, deep)));
    CHECK_NOTHROW(fuzz::control_line("{\"do\":" + repeated(open, deep)));
    CHECK_NOTHROW(fuzz::matrix_event("{\"next_batch\":\"s\",\"rooms\":" + repeated(open, deep)));
    CHECK_NOTHROW(fuzz::config(repeated(open, deep) + "a = 1"));
    CHECK_NOTHROW(fuzz::config("x = " + repeated(open, deep)));
  }
  for (const std::string key : {"rules", "labels", "name", "apply_to", "nonesuch"})
    CHECK_NOTHROW(fuzz::sim_body("POST /v1/firewalls\n{\"name\":\"deep\",\"" + key + "\":" + closed + "}"));
  CHECK_NOTHROW(fuzz::report_check("{\"v\":1,\"stage\":" + closed + "}"));
  CHECK_NOTHROW(fuzz::control_line("{\"do\":" + closed + "}"));
  CHECK_NOTHROW(fuzz::control_line("{\"ack\":" + closed + "}"));
  CHECK_NOTHROW(fuzz::matrix_event("{\"next_batch\":\"s\",\"chunk\":" + closed + "}"));
  CHECK_NOTHROW(fuzz::config("x = " + closed));
  CHECK_NOTHROW(fuzz::config("[" + repeated("a.", deep) + "a]"));
}
