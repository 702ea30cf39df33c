#pragma once

namespace storage {

/// The text of schema.sql, compiled in: the first migration.
extern const char* const schema;
/// schema_2.sql, the second, and so on.
extern const char* const schema_2;
extern const char* const schema_3;
extern const char* const schema_4;
extern const char* const schema_5;
extern const char* const schema_6;
extern const char* const schema_7;

/// "dbox" in the file's header: how a database of ours is told from another program's.
constexpr int application_id = 0x64626f78;

}  // namespace storage
