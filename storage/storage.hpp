#pragma once
#include "storage/audit.hpp"
#include "storage/deadlines.hpp"
#include "storage/findings.hpp"
#include "storage/holdings.hpp"
#include "storage/holds.hpp"
#include "storage/inbox.hpp"
#include "storage/journal.hpp"
#include "storage/outbox.hpp"
#include "storage/people.hpp"
#include "storage/replies.hpp"
#include "storage/requests.hpp"
#include "storage/rooms.hpp"
#include "storage/sessions.hpp"
#include "storage/shares.hpp"
#include "storage/ssh_keys.hpp"
#include "storage/watches.hpp"
#include "storage/workspaces.hpp"

namespace storage {

/// Everything that is kept, over one database.
struct Storage {
  explicit Storage(const std::string& file)
      : database(file),
        inbox(database),
        outbox(database),
        journal(database),
        workspaces(database),
        sessions(database),
        holdings(database),
        holds(database),
        findings(database),
        watches(database),
        deadlines(database),
        ssh_keys(database),
        reports(database),
        replies(database),
        rooms(database),
        people(database),
        shares(database),
        requests(database),
        audit(database) {}
  Database database;
  Inbox inbox;
  Outbox outbox;
  Journal journal;
  Workspaces workspaces;
  Sessions sessions;
  Holdings holdings;
  Holds holds;
  Findings findings;
  Watches watches;
  Deadlines deadlines;
  SshKeys ssh_keys;
  LastReports reports;
  Replies replies;
  Rooms rooms;
  People people;
  Shares shares;
  Requests requests;
  Audit audit;
};

}  // namespace storage
