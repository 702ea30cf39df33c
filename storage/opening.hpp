#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <memory>
#include <string>

namespace storage {

/// Throws Unusable.
void ensure_directory_of(const std::string& file);

/// The schema (user_version) that this program works with.
int known_version();

/// Makes the file (mode 0600) when it is missing, checks that it is ours and whole,
/// sets the pragmas and brings it to this program's schema. Throws Unusable.
std::unique_ptr<SQLite::Database> open_database(const std::string& file);

}  // namespace storage
