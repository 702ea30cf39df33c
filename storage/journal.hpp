#pragma once
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.hpp"

namespace storage {

/// One durable run of a command. `id` = 16 hex digits of SHA-256(origin).
struct OperationRow {
  std::string id;
  std::string origin;
  std::string verb;
  nlohmann::json request;
  std::int64_t workspace = 0;  ///< 0 = none
  std::int64_t actor = 0;      ///< person
  std::string chat;
  std::string room;
  std::string thread;
  std::string state = "queued";  ///< queued | running | waiting | undoing | done | failed | cancelled
  std::string error;
  Time created;
  std::optional<Time> finished;
};

struct QuestionRow {
  std::int64_t id = 0;
  std::string operation;
  std::string name;      ///< unique in the operation
  std::string nonce;     ///< the code of `yes CODE`
  std::int64_t who = 0;  ///< the person who may answer
  nlohmann::json choices;
  std::string message;  ///< outbox key
  Time expires;
  std::string answer;  ///< "" = open
  std::int64_t answered_by = 0;
};

std::string operation_id(const std::string& origin);

/// Operations, the results of their steps, notes written before effects, questions. Every write is a
/// full commit: it comes before a changing request to the cloud or the tailnet.
class Journal {
 public:
  explicit Journal(Database& database) : database_(database) {}

  /// False when an operation of that origin exists.
  bool add(const OperationRow& row);
  std::optional<OperationRow> find(const std::string& id);
  struct Count {
    std::string verb;
    std::string state;
    std::int64_t operations = 0;
  };
  std::vector<Count> counts();                                      ///< of all there are
  std::vector<OperationRow> unfinished();                           ///< oldest first
  std::vector<OperationRow> unfinished_of(std::int64_t workspace);  ///< oldest first
  /// Unfinished ones that this operation has added, with an origin "<id>:…"; oldest first.
  std::vector<OperationRow> added_by(const std::string& id);
  std::optional<OperationRow> last_of(std::int64_t workspace);
  std::optional<OperationRow> last_by(std::int64_t actor);
  std::vector<OperationRow> recent(const std::string& verb, int limit);  ///< done ones, newest first
  std::vector<OperationRow> recent_of(std::int64_t workspace, const std::string& verb,
                                      int limit);  ///< however they ended, newest first
  /// Whether an operation that came by this chat has ended badly since.
  bool has_failed_since(const std::string& chat, Time since);
  void set_state(const std::string& id, const std::string& state);
  void finish(const std::string& id, const std::string& state, const std::string& error, Time at);

  std::map<std::string, nlohmann::json> steps(const std::string& operation);
  void add_step(const std::string& operation, const std::string& name, const nlohmann::json& result, Time at);
  /// When each step ended, for ETAs: (name, at), oldest first.
  std::vector<std::pair<std::string, Time>> step_times(const std::string& operation);

  void note(const std::string& operation, const std::string& name, const std::string& value);  ///< appended
  std::vector<std::string> notes(const std::string& operation, const std::string& name);  ///< oldest first

  /// The existing one when the operation has asked this already.
  QuestionRow ask(const QuestionRow& question);
  std::optional<QuestionRow> question(const std::string& operation, const std::string& name);
  std::vector<QuestionRow> open_questions(std::int64_t who, Time now);
  /// Whether this person was ever asked with this code.
  bool has_code(std::int64_t who, const std::string& nonce);
  /// False when it is no longer open.
  bool answer(std::int64_t question, const std::string& choice, std::int64_t by);

 private:
  Database& database_;
};

}  // namespace storage
