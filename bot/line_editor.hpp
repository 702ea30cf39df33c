#pragma once
#include <histedit.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace bot {

/// Line editing and history on a terminal, with libedit. It is driven: `fill` takes what was typed once
/// the terminal is readable, `next` turns it into lines; neither waits for a key, so that a lone Escape
/// does not stop the bot. Text printed meanwhile goes above the line that is being typed.
class LineEditor {
 public:
  enum class Event { line, end, interrupt, quit };  ///< quit: a second Ctrl-C
  struct Typed {
    Event event;
    std::string line;
  };

  LineEditor(int in, int out, std::string prompt);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  /// False when the terminal is gone.
  bool fill();
  std::optional<Typed> next();
  /// What to write so that `text`, whole lines, stands above the prompt; then `redraw`.
  [[nodiscard]] std::string above_prompt(std::string_view text) const;
  void redraw();
  void resized();

 private:
  static char* prompt_of(EditLine* edit);
  static int read_character(EditLine* edit, wchar_t* character);

  bool wait_for_more();
  void begin_line();
  Typed interrupt();
  std::optional<Typed> take_key();
  [[nodiscard]] bool is_empty() const;
  [[nodiscard]] int rows_above_cursor() const;

  struct Close {
    void operator()(FILE* file) const { std::fclose(file); }
    void operator()(EditLine* edit) const { el_end(edit); }
    void operator()(History* history) const { history_end(history); }
  };
  int in_;
  int out_;
  std::string prompt_;
  std::string typed_;
  bool interrupted_ = false;
  std::unique_ptr<FILE, Close> input_;
  std::unique_ptr<FILE, Close> output_;
  std::unique_ptr<History, Close> history_;
  std::unique_ptr<EditLine, Close> edit_;
};

}  // namespace bot
