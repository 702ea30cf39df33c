#include "commands/card.hpp"
#include "commands/eta.hpp"
#include "commands/ledger.hpp"
#include "commands/plan.hpp"
#include "commands/sentence.hpp"
#include "commands/times.hpp"
#include "hetzner/error.hpp"
#include "tests/catch.hpp"
#include "tests/commands/alone.hpp"

using namespace commands;
using namespace std::chrono_literals;
using commands::test::Alone;
using hetzner::Money;

namespace {

Plan plan_at(net::Time now) {
  Plan plan;
  plan.hostname = "alice";
  plan.location = "fsn1";
  plan.type = "cpx32";
  plan.cores = 4;
  plan.memory_gb = 8;
  plan.flavour = "ubuntu-dev";
  plan.image_created = storage::to_ms(now - 49h);
  plan.hourly = Money::parse("0.0569");
  plan.monthly = Money::parse("35.49");
  plan.currency = "EUR";
  plan.volume_gb = 20;
  plan.kept_monthly = Money::parse("1.644");
  plan.is_first = true;
  return plan;
}

storage::SessionRow session_at(Alone& alone, net::Time created) {
  storage::SessionRow session;
  session.server_id = 1;
  session.workspace = alone.workspace;
  session.operation = alone.begun().id;
  session.type = "cpx32";
  session.location = "fsn1";
  session.hourly = Money::parse("0.0569").raw();
  session.monthly = Money::parse("35.49").raw();
  session.currency = "EUR";
  session.created = created;
  session.node_name = "alice.tail1234.ts.net";
  return session;
}

template <class Failure>
std::string sentence_of(const Failure& failure) {
  return sentence(std::make_exception_ptr(failure));
}

}  // namespace

TEST_CASE("a plan says what it costs and, the first time, what stays and what survives") {
  Alone alone;
  auto plan = plan_at(alone.clock.now());
  const std::string first =
      "alice comes up: cpx32 · 4 vCPU · 8 GB · fsn1 · ubuntu-dev (2 days old)\n"
      "  €0.0569/h for every started hour, at most €35.49 a month (net); an estimate from Hetzner's prices";
  CHECK(announcement(alone.world, plan) ==
        first +
            "\n  new and kept when it is down: 20 GB volume as /home, IPv4 address: €1.64 a month\n"
            "  what survives `down`: /home, /var/lib/docker, /var/lib/containerd, ssh host keys; nothing "
            "else on the root disk");
  plan.is_first = false;
  CHECK(announcement(alone.world, plan) == first);
  plan.has_contract = false;
  CHECK(announcement(alone.world, plan) ==
        first + "\n  the image has no label devbox-contract=1: it may not know how to start");
}

TEST_CASE("half a gigabyte is said so") {
  auto plan = plan_at(net::Time(100h));
  plan.memory_gb = 0.5;
  plan.image_created = storage::to_ms(net::Time(99h));
  CHECK(hardware(plan, net::Time(100h)) == "cpx32 · 4 vCPU · 0.5 GB · fsn1 · ubuntu-dev (1 h old)");
}

TEST_CASE("a card counts started hours, until when one is paid, and the month") {
  Alone alone;
  alone.storage.workspaces.set_ip(alone.workspace, "fsn1", 5, "203.0.113.10");
  const auto session = session_at(alone, alone.clock.now());
  alone.storage.sessions.add(session);
  const auto plan = plan_at(alone.clock.now());
  alone.clock.advance(90min);
  const auto row = alone.storage.workspaces.find(alone.workspace).value();
  CHECK(card(alone.world, row, session, plan) ==
        "✓ alice is up — https://alice.tail1234.ts.net\n"
        "  cpx32 · 4 vCPU · 8 GB · fsn1 · ubuntu-dev (2 days old) · 203.0.113.10\n"
        "  €0.0569/h · €0.11 so far, paid until 02:00 · €0.11 this month · silent, stops at 23:55 at the "
        "latest\n"
        "  ssh dev@alice      !devbox down");
}

TEST_CASE("the month's cost leaves out what belongs to the month before") {
  Alone alone;
  const auto december = net::Time(std::chrono::sys_days(std::chrono::year(2019) / 12 / 1));
  alone.storage.sessions.add(session_at(alone, december - 10h));
  CHECK(month_so_far(alone.world, alone.workspace, december - 1s).text(4) == "0.5690");
  CHECK(month_so_far(alone.world, alone.workspace, december + 2h).text(4) == "0.1138");
}

TEST_CASE("how long it still takes is the median of what it took before") {
  Alone alone;
  std::string before = "boot";
  for (const auto length : {30s, 200s, 40s}) {
    CHECK(progress_text(alone.storage.journal, "up", "boot") == before);
    before = "boot, last time " + span_text(length) + " from here";
    const auto row = alone.begun("m" + std::to_string(length.count()));
    alone.clock.advance(10s);
    alone.storage.journal.add_step(row.id, "create server", 1, alone.clock.now());
    alone.clock.advance(length);
    alone.storage.journal.add_step(row.id, "boot", nullptr, alone.clock.now());
    alone.storage.journal.finish(row.id, "done", "", alone.clock.now());
  }
  CHECK(progress_text(alone.storage.journal, "up", "boot") == "boot, about 40 s left");
  CHECK(progress_text(alone.storage.journal, "up", "create server") == "create server, about 50 s left");
  CHECK(progress_text(alone.storage.journal, "up", "something new") == "something new");
  CHECK(progress_text(alone.storage.journal, "up", "what runs") == "what runs");
  CHECK(progress_text(alone.storage.journal, "down", "boot") == "boot");
}

TEST_CASE("an up that found its workspace running is no ground for how long another takes") {
  Alone alone;
  for (const auto* origin : {"m1", "m2", "m3"}) {
    const auto row = alone.begun(origin);
    alone.clock.advance(1s);
    alone.storage.journal.add_step(row.id, "what runs", 7, alone.clock.now());
    alone.storage.journal.finish(row.id, "done", "", alone.clock.now());
  }
  CHECK(progress_text(alone.storage.journal, "up", "what runs") == "what runs");
}

TEST_CASE("a failure is told in our words where there are some, else in those of who said it") {
  CHECK(sentence_of(Error("No.")) == "No.");
  CHECK(sentence_of(Late("It is late.")) == "It is late.");
  CHECK(sentence_of(Cancelled("it was cancelled")) == "it was cancelled.");
  CHECK(sentence_of(tailnet::Error(500, "Tailscale failed to list the devices: busy")) ==
        "the tailnet: Tailscale failed to list the devices: busy.");
  CHECK(sentence_of(hetzner::OutcomeUnknown("POST /servers was cut")) ==
        "Hetzner did not confirm what it was asked to do: POST /servers was cut.");
  CHECK(sentence_of(std::runtime_error("0x5581 SELECT")) ==
        "something unforeseen happened; the log says more.");
}
