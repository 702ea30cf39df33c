#pragma once
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "storage/storage.hpp"

namespace storage::test {

/// A directory of its own, gone at the end of the test.
struct Scratch {
  Scratch() {
    std::string name = std::filesystem::temp_directory_path() / "devbox-storage-XXXXXX";
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary directory");
    directory = name;
  }
  ~Scratch() { std::filesystem::remove_all(directory); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return directory / name; }
  void put(const std::string& name, const std::string& content) const {
    std::ofstream(path(name)) << content;
  }

  std::filesystem::path directory;
};

/// A fresh database with one person and one workspace in it, for the rows that refer to them.
struct Kept {
  Scratch scratch;
  Storage storage{scratch.path("devbox.db")};
  std::int64_t alice = storage.people.ensure("console", "alice").id;
  std::int64_t workspace = storage.workspaces.add({.owner = alice, .name = "main", .hostname = "alice"});

  std::string operation(const std::string& origin, Time created = from_ms(1000)) {
    OperationRow row{.id = operation_id(origin), .origin = origin, .verb = "up", .request = {{"verb", "up"}}};
    row.workspace = workspace;
    row.actor = alice;
    row.state = "running";
    row.created = created;
    storage.journal.add(row);
    return row.id;
  }
};

}  // namespace storage::test
