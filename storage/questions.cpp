#include "storage/journal.hpp"
#include "storage/query.hpp"

namespace storage {
namespace {

const std::string select_question =
    "SELECT id, operation, name, nonce, who, choices, message, expires, answer, answered_by FROM question ";

std::vector<QuestionRow> questions(Query& query) {
  std::vector<QuestionRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back();
    row.id = query.integer();
    row.operation = query.text();
    row.name = query.text();
    row.nonce = query.text();
    row.who = query.integer();
    row.choices = query.json();
    row.message = query.text();
    row.expires = query.time();
    row.answer = query.text();
    row.answered_by = query.integer();
  }
  return rows;
}

}  // namespace

QuestionRow Journal::ask(const QuestionRow& question) {
  database_.write(Commit::full, [&] {
    Query(database_,
          "INSERT INTO question (operation, name, nonce, who, choices, message, expires, answer, "
          "answered_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (operation, name) DO NOTHING",
          question.operation, question.name, question.nonce, OrNull(question.who), question.choices,
          question.message, question.expires, OrNull(question.answer), OrNull(question.answered_by))
        .run();
  });
  return this->question(question.operation, question.name).value();
}

std::optional<QuestionRow> Journal::question(const std::string& operation, const std::string& name) {
  Query query(database_, select_question + "WHERE operation = ? AND name = ?", operation, name);
  return first_of(questions(query));
}

std::vector<QuestionRow> Journal::open_questions(std::int64_t who, Time now) {
  Query query(database_, select_question + "WHERE who = ? AND answer IS NULL AND expires > ? ORDER BY id",
              who, now);
  return questions(query);
}

bool Journal::has_code(std::int64_t who, const std::string& nonce) {
  return Query(database_, "SELECT 1 FROM question WHERE who = ? AND nonce = ? LIMIT 1", who, nonce).next();
}

bool Journal::answer(std::int64_t question, const std::string& choice, std::int64_t by) {
  bool open = false;
  database_.write(Commit::full, [&] {
    open = Query(database_, "UPDATE question SET answer = ?, answered_by = ? WHERE id = ? AND answer IS NULL",
                 choice, OrNull(by), question)
               .run() == 1;
  });
  return open;
}

}  // namespace storage
