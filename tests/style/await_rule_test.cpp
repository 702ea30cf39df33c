#include "tests/style/await_rule.hpp"

#include "tests/catch.hpp"
#include "tests/style/tree.hpp"

using style::find_await_offences;

namespace {

std::string verdict(const std::string& statement) {
  auto offences = find_await_offences("awaitable<void> f() {\n" + statement + "\n}");
  return offences.empty() ? "allowed" : offences.front().why;
}

}  // namespace

TEST_CASE("an awaited call of names, literals and [&] lambdas is allowed") {
  auto statement = GENERATE(
      as<std::string>(),  //
      "co_await wait();",
      "auto x = co_await f(a, b.c, d->e, ns::F::g, 3, -1, 1'000, \"text\", 'c', nullptr, 30s);",
      "auto plan = co_await op.step(\"preflight\", [&] { return preflight(world, ask); });",
      "auto a = co_await op.step<Plan>(\"x\", [&](int n) -> net::awaitable<int> { co_return co_await g(n); "
      "});",
      "co_return co_await f(std::move(request), *this, list.begin(), *name, names[0]);",
      "const std::vector<int>& x = co_await f();", "member_ = co_await world.cloud().find(name);",
      "[[maybe_unused]] auto n = co_await f(x);", "auto response = co_await (*handler)(request);",
      "co_await asio::async_write(socket_, asio::buffer(text), asio::use_awaitable);",
      "auto executor = co_await asio::this_coro::executor;",
      "co_await clock.sleep_for(std::chrono::seconds(2));", "if (a && b) co_await f(x);",
      "else co_await f(x);", "for (auto& x : y) co_await f(x);", "switch (a) { case A::b: co_await f(x); }",
      "auto y = a ? T{1} : T{2}; co_await f(y);",
      "try { co_await f(x); } catch (const Error&) { failed = true; } co_await g(x);",
      "// co_await f({});\n/* co_await g({}) */ auto s = \"co_await f({})\"; auto r = R\"(co_await {)\";",
      "co_await f(x, [&] { return T{.a = b ? c : d, .e = f && g}; });");
  INFO(statement);
  CHECK(verdict(statement) == "allowed");
}

TEST_CASE("each form that gcc 12 destroys twice is an offence") {
  auto [statement, why] = GENERATE(table<std::string, std::string>({
      {"co_await send({.method = \"GET\"});", "braced temporary"},
      {"co_await send(Request{.method = \"GET\"});", "aggregate temporary, Request{"},
      {"co_await send(net::Request{});", "aggregate temporary, net::Request{"},
      {"co_await f(std::string(name));", "argument std::string(…) is a call"},
      {"co_await f(make(name));", "argument make(…) is a call"},
      {"co_await f(a + b);", "argument is an expression (\"+\")"},
      {"co_await f(\"a\" + b);", "argument is an expression (\"+\")"},
      {"co_await f(a ? b : c);", "argument is an expression (\"?\")"},
      {"co_await f([x] { return x; });", "does not capture by [&]"},
      {"co_await f([=] { return x; });", "does not capture by [&]"},
      {"co_await f([&, n = std::move(n)] { return n; });", "does not capture by [&]"},
      {"auto [a, b] = co_await f();", "structured binding"},
      {"const auto& [a, b] = co_await f();", "structured binding"},
      {"auto x = c ? co_await f() : co_await g();", "ternary"},
      {"auto x = c ? T{} : co_await g();", "ternary"},
      {"auto x = a && co_await f();", "\"&&\" before co_await"},
      {"auto x = co_await f() || b;", "larger expression (\"||\")"},
      {"auto x = !co_await f();", "\"!\" before co_await"},
      {"auto x = co_await f() + 1;", "larger expression"},
      {"auto x = (co_await f()).y;", "parentheses"},
      {"auto x = co_await (a() && b());", "not one call"},
      {"if (co_await f(x)) return;", "head of a control statement"},
      {"while (co_await f(x)) {}", "head of a control statement"},
      {"for (auto& x : co_await f()) {}", "head of a control statement"},
      {"g(co_await f());", "inside the arguments"},
      {"co_await g(co_await f());", "co_await inside the arguments"},
      {"T x{co_await f()};", "larger expression"},
      {"T x{.a = co_await f()};", "before co_await"},
      {"total += co_await f();", "\"+\" before co_await"},
      {"list[0] = co_await f();", "\"[\" before co_await"},
      {"co_await client(name).fetch(x);", "larger expression"},
      {"try { g(); } catch (const Error& e) { co_await f(); }", "catch block"},
  }));
  INFO(statement);
  INFO(verdict(statement));
  CHECK(verdict(statement).find(why) != std::string::npos);
}

TEST_CASE("an offence is told with its line") {
  auto offences = find_await_offences("void f() {\n  auto r = R\"(\n\n)\";\n  co_await g({});\n}\n");
  REQUIRE(offences.size() == 1);
  CHECK(offences.front().line == 5);
}

TEST_CASE("every co_await of the project keeps the coroutine rule") {
  REQUIRE(style::sources().size() > 50);
  for (const auto& file : style::sources()) {
    for (const auto& offence : find_await_offences(file.text)) {
      std::string place = file.path + ":" + std::to_string(offence.line) + ": " + offence.why;
      UNSCOPED_INFO(place);
      CHECK(place.empty());
    }
  }
}
