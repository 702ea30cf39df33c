#pragma once
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "commands/verbs.hpp"

namespace commands {

/// What commands are shown together in `help`.
enum class Topic { run, end, access, market, answer, project };

/// A command: how it is written, who may run it, what it does at once (`begin`) and, when that is an
/// operation, how it runs and is undone.
struct Command {
  Topic topic;
  std::string_view verb;
  std::string_view alias;
  std::string_view second_alias;
  std::string_view usage;
  std::string_view does;
  std::string_view example;
  Role tier;
  std::string_view options;  ///< keys and flags it knows, separated by spaces: "image location --keep"
  Begin (*begin)(Services&, const Caller&, const Request&);
  net::awaitable<void> (*run)(Operation&, Services&, const Request&) = nullptr;
  net::awaitable<void> (*undo)(Operation&, Services&) = nullptr;
};

/// Everything the program answers: its index.
inline constexpr std::array table = {
    Command{Topic::run, "up", "start", "",
            "up [type] [name] [image=F] [location=L] [for 3h|until 18:00] [--plan] [--keep]",
            "bring your workspace up; if it runs: its card; --plan: prices and checks only", "up cpx32",
            Role::member, "image location for until --plan --keep", begin_up, up, undo_up},
    Command{Topic::run, "down", "stop", "", "down [name] [in 20m] [--force]",
            "write files out, delete the server, keep volume and address", "down", Role::member, "in --force",
            begin_down, down},
    Command{Topic::run, "status", "ls", "ps", "status [name|all]",
            "your workspaces, or everybody's in a line each", "status all", Role::member, "", status},
    Command{Topic::run, "rebuild", "", "", "rebuild [name] [image=F]",
            "a new server from the newest image; home and address stay", "rebuild", Role::member,
            "image --force", begin_rebuild, rebuild},
    Command{Topic::run, "resize", "", "", "resize TYPE [name] [--now]",
            "another type from the next `up` on; --now: down and up at once", "resize cpx42", Role::member,
            "--now --force", begin_resize, resize},
    Command{Topic::run, "grow", "", "", "grow GB [name]", "a bigger volume, while it runs", "grow 40",
            Role::member, "", begin_grow, grow},
    Command{Topic::end, "extend", "", "", "extend [name] 2h", "not stopped before then, however idle",
            "extend 2h", Role::member, "", extend},
    Command{Topic::end, "keep", "", "", "keep [name] 3h|until 18:00",
            "it counts as in use until then: no reminders, no stop", "keep until 18:00", Role::member,
            "until", keep},
    Command{Topic::end, "snooze", "", "", "snooze [name] [30m]", "no reminder and no stop for a while",
            "snooze 30m", Role::member, "", snooze},
    Command{Topic::end, "why", "", "", "why [name]",
            "what is known of its use, what comes next, and who moved that", "why", Role::member, "", why},
    Command{Topic::end, "schedule", "", "", "schedule [name] [HOURS [DAYS] [ZONE]|off]",
            "hours before which it starts, and at whose end it stops", "schedule 9-18 mon-fri Europe/Riga",
            Role::member, "", schedule},
    Command{Topic::end, "quiet", "", "", "quiet [HOURS|off]",
            "hours in which no reminders come to you; what is to stop stops all the same", "quiet 22-7",
            Role::member, "", quiet},
    Command{Topic::market, "cost", "", "", "cost [session|today|month|stopped]",
            "what yours has cost so far, and costs while it is down", "cost month", Role::member, "", cost},
    Command{Topic::market, "types", "", "", "types [location]",
            "server types that can be ordered now, with prices", "types nbg1", Role::member, "", types},
    Command{Topic::market, "images", "", "", "images [prune keep=3]",
            "snapshots to start from, and which is next; prune deletes older ones", "images", Role::member,
            "keep", begin_images, prune_images},
    Command{Topic::market, "watch", "", "", "watch TYPE|off [location=L]",
            "be told once when a type can be ordered again", "watch cpx32", Role::member, "location", watch},
    Command{Topic::project, "orphans", "", "", "orphans [clean]",
            "what is in the project and in no workspace, with its price", "orphans clean", Role::operating,
            "", begin_orphans, clean_orphans},
    Command{Topic::project, "adopt", "", "", "adopt name [volume=VOLUME] [ip=ADDRESS]",
            "make an existing volume and Primary IPv4 a workspace of yours",
            "adopt main volume=data ip=\"ak IPv4\"", Role::admin, "volume ip", begin_adopt, adopt},
    Command{Topic::access, "open", "", "", "open [name]",
            "links to it: browser, VS Code, JetBrains, Zed, ports", "open", Role::member, "", open},
    Command{Topic::access, "ssh", "", "", "ssh [name]", "the line that logs in to it", "ssh", Role::member,
            "", ssh},
    Command{Topic::access, "logs", "log", "", "logs [name] [stage]",
            "how its last `up` went, step by step, and what its failed stage wrote", "logs volume",
            Role::member, "", logs},
    Command{Topic::access, "key", "keys", "", "key add SSH-PUBLIC-KEY | key list | key remove N",
            "who may ssh in, from the next `up` on", "key list", Role::member, "", begin_key, run_key,
            undo_key},
    Command{Topic::access, "timezone", "tz", "", "timezone [ZONE]", "in which your times are shown and read",
            "timezone Europe/Riga", Role::member, "", timezone},
    Command{Topic::answer, "yes", "", "", "yes [code]", "answer what the bot asks", "yes", Role::member, "",
            yes},
    Command{Topic::answer, "no", "", "", "no [code]", "refuse what the bot asks", "no 1234", Role::member, "",
            no},
    Command{Topic::run, "cancel", "", "", "cancel [name]",
            "stop what is coming up, or keep up what was to go down", "cancel", Role::member, "", cancel},
    Command{Topic::answer, "help", "", "", "help [verb]", "what you may do, with examples", "help up",
            Role::nobody, "", help},
};

/// By verb or alias; nullptr = there is none.
const Command* find_command(std::string_view word);

/// Parses a line that is meant for us, finds its command and checks that this caller may run it and that it
/// knows the options. Throws Error with the sentence to answer.
struct Asked {
  const Command* command = nullptr;
  Request request;
};
Asked understand(const Services& world, const Caller& caller, const std::string& line);

}  // namespace commands
