#pragma once
#include <vector>

namespace storage {

/// The texts of schema.sql, schema_2.sql and so on, compiled in: the n-th brings a file from user_version n
/// to n + 1.
const std::vector<const char*>& migrations();

/// "dbox" in the file's header: how a database of ours is told from another program's.
constexpr int application_id = 0x64626f78;

}  // namespace storage
