#include "net/backoff.hpp"

#include <algorithm>
#include <set>

#include "tests/catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("the n-th wait lies between zero and base times 2^n, never above the cap") {
  net::Random random(1);
  for (int round = 0; round < 200; ++round) {
    net::Backoff backoff(random, 100ms, 1s);
    for (const auto ceiling : {100ms, 200ms, 400ms, 800ms, 1000ms, 1000ms}) {
      const auto wait = backoff.next();
      CHECK(wait >= 0ms);
      CHECK(wait <= ceiling);
    }
  }
}

TEST_CASE("waits spread over the whole range and grow with the tries") {
  net::Random random(2);
  net::Duration longest_first{}, longest_third{};
  for (int round = 0; round < 500; ++round) {
    net::Backoff backoff(random, 100ms, 10s);
    longest_first = std::max(longest_first, backoff.next());
    backoff.next();
    longest_third = std::max(longest_third, backoff.next());
  }
  CHECK(longest_first > 90ms);
  CHECK(longest_third > 350ms);
}

TEST_CASE("after a thousand tries the wait is still within the cap, and reset starts over") {
  net::Random random(3);
  net::Backoff backoff(random, 50ms, 2s);
  for (int i = 0; i < 1000; ++i) CHECK(backoff.next() <= 2s);
  CHECK(backoff.tries() == 1000);
  backoff.reset();
  CHECK(backoff.tries() == 0);
  CHECK(backoff.next() <= 50ms);
}

TEST_CASE("a seeded source repeats itself, an unseeded one does not") {
  net::Random one(42), same(42), other(43), system, again;
  const auto first = one.next();
  CHECK(first == same.next());
  CHECK(first != other.next());
  CHECK(system.next() != again.next());
  CHECK(system.hex(16) != again.hex(16));
}

TEST_CASE("below reaches every value under its bound and no other") {
  net::Random random(4);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 500; ++i) seen.insert(random.below(7));
  CHECK(seen == std::set<std::uint64_t>{0, 1, 2, 3, 4, 5, 6});
  CHECK(random.below(1) == 0);
  const auto huge = (1ULL << 63) + 1;
  for (int i = 0; i < 100; ++i) CHECK(random.below(huge) < huge);
}

TEST_CASE("unit lies in [0, 1) and hex has two lower-case digits a byte") {
  net::Random random(5);
  for (int i = 0; i < 1000; ++i) {
    const auto unit = random.unit();
    CHECK((unit >= 0 && unit < 1));
  }
  for (const std::size_t bytes : {0, 1, 7, 8, 9, 32}) {
    const auto text = random.hex(bytes);
    CHECK(text.size() == 2 * bytes);
    CHECK(text.find_first_not_of("0123456789abcdef") == std::string::npos);
  }
}
