#include "bot/matrix/content.hpp"
#include "tests/catch.hpp"

using bot::matrix::html_of;

namespace {

void check(const std::vector<std::pair<std::string, std::string>>& rows) {
  for (const auto& [text, html] : rows) CHECK(html_of(text) == html);
}

std::string link(const std::string& url) { return "<a href=\"" + url + "\">" + url + "</a>"; }

}  // namespace

TEST_CASE("nothing of a text becomes markup") {
  check({
      {"<b>&amp;\"'", "&lt;b&gt;&amp;amp;&quot;'"},
      {"`<script>`", "<code>&lt;script&gt;</code>"},
      {"http://x/\"onclick=\"y", link("http://x/") + "&quot;onclick=&quot;y"},
      {"http://x/<b>", link("http://x/") + "&lt;b&gt;"},
      {"http://x/?a=1&b='2'", link("http://x/?a=1&amp;b='2") + "'"},
      {"javascript:alert(1)", "javascript:alert(1)"},
      {"a  <\nb  &", "<pre><code>a  &lt;\nb  &amp;</code></pre>"},
      {"\x1B]8;;http://x\x07y", "]8;;" + link("http://xy")},
      {"\xC3(", "\uFFFD("},
      {"", ""},
  });
}

TEST_CASE("lines and runs of spaces are kept") {
  check({
      {"a\nb\n\nc", "a<br>b<br><br>c"},
      {"a\n", "a<br>"},
      {"  a b", "&nbsp;&nbsp;a b"},
      {"a   b ", "a&nbsp;&nbsp; b "},
      {"\ta", "&nbsp;a"},
      {" ", "&nbsp;"},
      {"  `a  b`  c", "&nbsp;&nbsp;<code>a&nbsp; b</code>&nbsp; c"},
  });
}

TEST_CASE("what stands in back-ticks is code, when they are two on a line") {
  check({
      {"say `up cpx32` or `down`", "say <code>up cpx32</code> or <code>down</code>"},
      {"one ` only", "one ` only"},
      {"a `b\nc` d", "a `b<br>c` d"},
      {"``", "``"},
      {"```x```", "``<code>x</code>``"},
      {"`http://x`", "<code>http://x</code>"},
  });
}

TEST_CASE("URLs are links, without the punctuation of the sentence") {
  check({
      {"see https://x.ts.net/a?b=c#d.", "see " + link("https://x.ts.net/a?b=c#d") + "."},
      {"(http://x), http://y!", "(" + link("http://x") + "), " + link("http://y") + "!"},
      {"http://x/a_(b) [http://y]", link("http://x/a_(b)") + " [" + link("http://y") + "]"},
      {"— https://x", "— " + link("https://x")},
      {"xhttp://x http:// https://, HTTP://x", "xhttp://x http:// https://, HTTP://x"},
      {"http://xhttp://y", link("http://xhttp://y")},
  });
}

TEST_CASE("lines with columns are a table, from the first to the last") {
  check({
      {"a  b\nc", "a&nbsp; b<br>c"},
      {"Types:\n  cpx22   2\n  none\n  cpx32   4\nend `x`",
       "Types:<pre><code>  cpx22   2\n  none\n  cpx32   4</code></pre>end <code>x</code>"},
      {"a\tb\nc\td", "<pre><code>a\tb\nc\td</code></pre>"},
      {"a  b\nc  d\n", "<pre><code>a  b\nc  d</code></pre>"},
      {"  a\n  b  ", "&nbsp;&nbsp;a<br>&nbsp;&nbsp;b&nbsp; "},
  });
}

TEST_CASE("what stands between two lines of three back-ticks is shown as it is") {
  check({
      {"log:\n```\n  a  <b>\n  http://x\n```\nend `x`",
       "log:<pre><code>  a  &lt;b&gt;\n  http://x</code></pre>end <code>x</code>"},
      {"x  y\na  b\n```\nc  d\n```", "<pre><code>x  y\na  b</code></pre><pre><code>c  d</code></pre>"},
      {"```\na\n  ```\nb", "```<br>a<br>&nbsp;&nbsp;```<br>b"},
      {"```\n```", "<pre><code></code></pre>"},
  });
}

TEST_CASE("long texts take no long time") {
  for (const std::string piece : {"`", " ", "http://", "http://x)", ")", "<", "a  b\n", "``a"}) {
    std::string text = "http://x";
    while (text.size() < 200'000) text += piece;
    CHECK(html_of(text).size() >= text.size());
  }
}
