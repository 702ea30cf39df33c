#pragma once
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "commands/access.hpp"
#include "commands/verbs.hpp"

namespace commands {

/// What commands are shown together in `help`.
enum class Topic { run, end, access, market, team, answer, project };

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
  Access access;
  /// Keys and flags it knows, separated by spaces: "image location --keep"; "@user" where it is about people.
  std::string_view options;
  Begin (*begin)(Services&, const Caller&, const Request&);
  net::awaitable<void> (*run)(Operation&, Services&, const Request&) = nullptr;
  net::awaitable<void> (*undo)(Operation&, Services&) = nullptr;
  bool takes_trashed = false;  ///< it is also about what is in the trash
};

/// Everything the program answers: its index.
inline constexpr std::array table = {
    Command{
        Topic::run, "up", "start", "",
        "up [type] [name] [image=F] [location=L] [for 3h|until 18:00] [for @user] [--plan] [--keep] [--new]",
        "bring a workspace up; if it runs: its card; --plan: prices only; --new: its name is no slip",
        "up cpx32", Access(Role::member, Effect::changes, Reach::shared, Role::operating),
        "image location for until --plan --keep --new", begin_up, up, undo_up},
    Command{Topic::run, "down", "stop", "", "down [@user] [name|all] [in 20m] [--force]",
            "write files out, delete the server, keep volume and address; all: everybody's", "down",
            Access(Role::member, Effect::changes, Reach::shared, Role::operating, Role::admin), "in --force",
            begin_down, down},
    Command{Topic::run, "status", "ls", "ps", "status [@user] [name|all]",
            "your workspaces, or everybody's in a line each", "status all",
            Access(Role::member, Effect::reads, Reach::shared, Role::member), "", status, nullptr, nullptr,
            true},
    Command{Topic::run, "rebuild", "", "", "rebuild [name] [image=F] [--force]",
            "a new server from the newest image; home and address stay", "rebuild",
            Access(Role::member, Effect::changes, Reach::own, Role::operating), "image --force",
            begin_rebuild, rebuild},
    Command{Topic::run, "resize", "", "", "resize TYPE [name] [--now] [--force]",
            "another type from the next `up` on; --now: down and up at once", "resize cpx42",
            Access(Role::member, Effect::changes, Reach::own, Role::operating), "--now --force", begin_resize,
            resize},
    Command{Topic::run, "grow", "", "", "grow GB [name]", "a bigger volume, while it runs", "grow 40",
            Access(Role::member, Effect::changes, Reach::own, Role::operating), "", begin_grow, grow},
    Command{Topic::run, "delete", "", "", "delete NAME",
            "server away; volume and address into the trash, after your yes", "delete old",
            Access(Role::member, Effect::changes, Reach::own, Role::operating), "", begin_delete, run_delete,
            nullptr, true},
    Command{Topic::run, "undelete", "", "", "undelete NAME", "back from the trash, with files and address",
            "undelete old", Access(Role::member, Effect::changes, Reach::own, Role::operating), "", undelete,
            nullptr, nullptr, true},
    Command{Topic::end, "extend", "", "", "extend [name] [for 2h|until 18:00]",
            "not stopped before then, however idle", "extend 2h",
            Access(Role::member, Effect::changes, Reach::own, Role::operating), "for until", extend},
    Command{Topic::end, "keep", "", "", "keep [name] [for 3h|until 18:00] [off]",
            "it counts as in use until then: no reminders, no stop", "keep until 18:00",
            Access(Role::member, Effect::changes, Reach::own, Role::operating), "for until", keep},
    Command{Topic::end, "snooze", "", "", "snooze [name] [for 30m|until 18:00]",
            "no reminder and no stop for a while", "snooze 30m",
            Access(Role::member, Effect::changes, Reach::own, Role::operating), "for until", snooze},
    Command{Topic::end, "why", "", "", "why [name]",
            "what is known of its use, what comes next, and who moved that", "why",
            Access(Role::member, Effect::reads, Reach::shared, Role::operating), "", why},
    Command{Topic::end, "schedule", "", "", "schedule [name] [HOURS [DAYS] [ZONE]|off]",
            "hours before which it starts, and at whose end it stops", "schedule 9-18 mon-fri Europe/Riga",
            Access(Role::member, Effect::changes, Reach::own, Role::operating), "", schedule},
    Command{Topic::end, "quiet", "", "", "quiet [HOURS|off]",
            "hours in which no reminders come to you; what is to stop stops all the same", "quiet 22-7",
            Access(Role::member, Effect::changes, Reach::none), "", quiet},
    Command{Topic::market, "cost", "", "", "cost [@user] [session|today|month|stopped]",
            "what a workspace has cost so far, and costs while it is down", "cost month",
            Access(Role::member, Effect::reads, Reach::own, Role::member), "", cost},
    Command{Topic::market, "types", "", "", "types [location]",
            "server types that can be ordered now, with prices", "types nbg1",
            Access(Role::member, Effect::reads, Reach::none), "", types},
    Command{Topic::market, "images", "", "", "images [prune keep=3]",
            "snapshots to start from, and which is next; prune deletes older ones", "images",
            Access(Role::member, Effect::changes, Reach::none), "keep", begin_images, prune_images},
    Command{Topic::market, "watch", "", "", "watch TYPE|off [location=L]",
            "be told once when a type can be ordered again", "watch cpx32",
            Access(Role::member, Effect::changes, Reach::none), "location", watch},
    Command{Topic::team, "share", "", "", "share @user [name] 2h [--new]",
            "another one may start, stop and open it for a while", "share @bob 2h",
            Access(Role::member, Effect::changes, Reach::own), "--new", share},
    Command{Topic::team, "unshare", "", "", "unshare @user [name]", "end that before its time",
            "unshare @bob", Access(Role::member, Effect::changes, Reach::own), "", unshare},
    Command{Topic::team, "request", "", "", "request [type] [name=N] \"why\"",
            "ask operators for a workspace, or a type that needs their consent",
            "request cpx52 \"training run\"", Access(Role::member, Effect::changes, Reach::none), "name",
            request},
    Command{Topic::team, "approve", "", "", "approve N", "let another one have what was requested",
            "approve 3", Access(Role::operating, Effect::changes, Reach::none), "", approve},
    Command{Topic::team, "deny", "", "", "deny N", "refuse what another one has requested", "deny 3",
            Access(Role::operating, Effect::changes, Reach::none), "", deny},
    Command{Topic::team, "role", "", "", "role @user [none|member|operator|admin|config] [--new]",
            "what somebody may do; config: as the configuration says", "role @bob operator",
            Access(Role::admin, Effect::changes, Reach::none), "@user --new", begin_role, run_role},
    Command{Topic::project, "orphans", "", "", "orphans [clean]",
            "what is in the project and in no workspace, with its price", "orphans clean",
            Access(Role::operating, Effect::changes, Reach::none), "", begin_orphans, clean_orphans},
    Command{Topic::project, "audit", "", "", "audit [N] [@user] | audit export",
            "who did what, where, with what result and cost; export: all of it, as a file", "audit 20 @bob",
            Access(Role::operating, Effect::reads, Reach::none), "@user", audit},
    Command{Topic::project, "adopt", "", "", "adopt name [volume=VOLUME] [ip=ADDRESS]",
            "make an existing volume and Primary IPv4 a workspace of yours",
            "adopt main volume=data ip=\"ak IPv4\"", Access(Role::admin, Effect::changes, Reach::none),
            "volume ip", begin_adopt, adopt},
    Command{Topic::access, "open", "", "", "open [name]",
            "links to it: browser, VS Code, JetBrains, Zed, ports", "open",
            Access(Role::member, Effect::reads, Reach::shared), "", open},
    Command{Topic::access, "ssh", "", "", "ssh [name]", "the line that logs in to it", "ssh",
            Access(Role::member, Effect::reads, Reach::shared), "", ssh},
    Command{Topic::access, "logs", "log", "", "logs [name] [stage]",
            "how its last `up` went, step by step, and what its failed stage wrote", "logs volume",
            Access(Role::member, Effect::reads, Reach::shared, Role::operating), "", logs},
    Command{Topic::access, "key", "keys", "", "key add SSH-PUBLIC-KEY | key list | key remove N",
            "who may ssh in, from the next `up` on", "key list",
            Access(Role::member, Effect::changes, Reach::none), "", begin_key, run_key, undo_key},
    Command{Topic::access, "timezone", "tz", "", "timezone [ZONE]", "in which your times are shown and read",
            "timezone Europe/Riga", Access(Role::member, Effect::changes, Reach::none), "", timezone},
    Command{Topic::answer, "yes", "", "", "yes [code]", "answer what the bot asks", "yes",
            Access(Role::member, Effect::changes, Reach::none), "", yes},
    Command{Topic::answer, "no", "", "", "no [code]", "refuse what the bot asks", "no 1234",
            Access(Role::member, Effect::changes, Reach::none), "", no},
    Command{Topic::run, "cancel", "", "", "cancel [name]",
            "stop what is coming up, or keep up what was to go down", "cancel",
            Access(Role::member, Effect::changes, Reach::shared, Role::operating), "", cancel},
    Command{Topic::answer, "help", "", "", "help [verb]", "what you may do, with examples", "help up",
            Access(Role::nobody, Effect::reads, Reach::none), "", help},
};

/// By verb or alias; nullptr = there is none.
const Command* find_command(std::string_view word);

/// Parses a line that is meant for us, finds its command and checks that this caller may run it and that it
/// knows the options. Throws Error with the sentence to answer.
struct Asked {
  const Command* command = nullptr;
  Request request;
};
Asked understand(Services& world, const Caller& caller, const std::string& line);

}  // namespace commands
