#include "bot/exposition.hpp"

#include "tests/catch.hpp"

using bot::Exposition;

TEST_CASE("a family is described, then its samples follow") {
  Exposition page;
  page.counter("devbox_requests_total", "Requests.");
  page.sample({{"peer", "hetzner"}, {"method", "GET"}}, 3);
  page.sample({{"peer", "tailnet"}, {"method", "POST"}}, 0);
  page.gauge("devbox_age_seconds", "Age.");
  page.sample(1.5);
  CHECK(page.text() ==
        "# HELP devbox_requests_total Requests.\n"
        "# TYPE devbox_requests_total counter\n"
        "devbox_requests_total{peer=\"hetzner\",method=\"GET\"} 3\n"
        "devbox_requests_total{peer=\"tailnet\",method=\"POST\"} 0\n"
        "# HELP devbox_age_seconds Age.\n"
        "# TYPE devbox_age_seconds gauge\n"
        "devbox_age_seconds 1.5\n");
}

TEST_CASE("a label's value cannot end its sample") {
  Exposition page;
  page.gauge("g", "G.");
  page.sample({{"l", "a\"} 1\nb{c=\"\\"}}, 1);
  CHECK(page.text() == "# HELP g G.\n# TYPE g gauge\ng{l=\"a\\\"} 1\\nb{c=\\\"\\\\\"} 1\n");
}

TEST_CASE("large counts are written out, fractions as short as they are") {
  Exposition page;
  page.gauge("g", "G.");
  page.sample(1795609938.687);
  page.sample(9007199254740991.0);
  page.sample(-0.25);
  CHECK(page.text() == "# HELP g G.\n# TYPE g gauge\ng 1795609938.687\ng 9007199254740991\ng -0.25\n");
}
