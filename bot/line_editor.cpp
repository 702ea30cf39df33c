#include "bot/line_editor.hpp"

#include <langinfo.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <cwchar>
#include <system_error>
#include <utility>

namespace bot {
namespace {

constexpr int remembered_lines = 500;
constexpr char ctrl_c = 3;
constexpr char ctrl_d = 4;
/// How long the rest of an escape sequence or of a character may take to come.
constexpr int sequence_ms = 50;

/// libedit thinks in wide characters of the locale; a bare environment has none that knows UTF-8.
void use_utf8() {
  std::setlocale(LC_CTYPE, "");
  if (std::string_view(nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
}

FILE* open_copy(int descriptor, const char* mode) {
  const int copy = ::dup(descriptor);
  FILE* file = copy < 0 ? nullptr : ::fdopen(copy, mode);
  if (!file) throw std::system_error(errno, std::generic_category(), "cannot use the terminal");
  return file;
}

LineEditor* owner(EditLine* edit) {
  void* owner = nullptr;
  el_get(edit, EL_CLIENTDATA, &owner);
  return static_cast<LineEditor*>(owner);
}

int columns_of(int terminal) {
  winsize size{};
  if (::ioctl(terminal, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

/// Columns that `text` takes on the terminal.
int width_of(std::string_view text) {
  std::mbstate_t state{};
  int width = 0;
  while (!text.empty()) {
    wchar_t character = 0;
    const std::size_t length = std::mbrtowc(&character, text.data(), text.size(), &state);
    if (length == 0 || length > text.size()) break;
    width += std::max(0, ::wcwidth(character));
    text.remove_prefix(length);
  }
  return width;
}

}  // namespace

LineEditor::LineEditor(int in, int out, std::string prompt) : in_(in), out_(out), prompt_(std::move(prompt)) {
  use_utf8();
  input_.reset(open_copy(in, "r"));
  output_.reset(open_copy(out, "w"));
  history_.reset(history_init());
  HistEvent event;
  history(history_.get(), &event, H_SETSIZE, remembered_lines);
  history(history_.get(), &event, H_SETUNIQUE, 1);

  edit_.reset(el_init("devbox", input_.get(), output_.get(), output_.get()));
  auto* edit = edit_.get();
  el_set(edit, EL_CLIENTDATA, static_cast<void*>(this));
  el_set(edit, EL_PROMPT, &LineEditor::prompt_of);
  el_set(edit, EL_GETCFN, &LineEditor::read_character);
  el_set(edit, EL_HIST, ::history, history_.get());
  el_set(edit, EL_EDITOR, "emacs");
  // Ctrl-C and Ctrl-S must come as keys: the one would end the process instead of clearing the line, the
  // other would hold up our next write and with it every operation.
  el_set(edit, EL_SETTY, "-d", "-isig", "-ixon", nullptr);
  el_set(edit, EL_BIND, "^D", "ed-delete-next-char", nullptr);
  // These read the next key themselves and take none for the end of the input.
  for (const char* key : {"^R", "^S", "^V"}) el_set(edit, EL_BIND, "-r", key, nullptr);
  el_set(edit, EL_UNBUFFERED, 1);
}

LineEditor::~LineEditor() { el_set(edit_.get(), EL_UNBUFFERED, 0); }

char* LineEditor::prompt_of(EditLine* edit) { return owner(edit)->prompt_.data(); }

bool LineEditor::fill() {
  std::array<char, 4096> chunk;
  const auto count = ::read(in_, chunk.data(), chunk.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
  if (count <= 0) return false;
  typed_.append(chunk.data(), static_cast<std::size_t>(count));
  return true;
}

bool LineEditor::wait_for_more() {
  pollfd readable{in_, POLLIN, 0};
  return ::poll(&readable, 1, sequence_ms) > 0 && fill();
}

int LineEditor::read_character(EditLine* edit, wchar_t* character) {
  auto& typed = owner(edit)->typed_;
  std::mbstate_t state{};
  for (;;) {
    if (typed.empty() && !owner(edit)->wait_for_more()) return 0;
    if (typed.empty()) continue;
    const auto length = std::mbrtowc(character, typed.data(), 1, &state);
    typed.erase(0, 1);
    if (length == static_cast<std::size_t>(-2)) continue;
    if (length == static_cast<std::size_t>(-1)) *character = L'?';
    return 1;
  }
}

std::optional<LineEditor::Typed> LineEditor::next() {
  while (!typed_.empty())
    if (auto typed = take_key()) return typed;
  return std::nullopt;
}

std::optional<LineEditor::Typed> LineEditor::take_key() {
  // These two are ours, not the line's.
  if (typed_.front() == ctrl_c) return interrupt();
  if (typed_.front() == ctrl_d && is_empty()) {
    typed_.erase(0, 1);
    return Typed{Event::end, ""};
  }
  interrupted_ = false;
  int length = 0;
  const char* text = el_gets(edit_.get(), &length);
  if (!text) return std::nullopt;
  // The text goes on behind its length with what an earlier line left there.
  std::string line(text, static_cast<std::size_t>(length));
  if (!line.ends_with('\n')) return std::nullopt;
  line.pop_back();
  HistEvent event;
  if (!line.empty()) history(history_.get(), &event, H_ENTER, line.c_str());
  begin_line();
  return Typed{Event::line, line};
}

LineEditor::Typed LineEditor::interrupt() {
  typed_.erase(0, 1);
  std::fputs("\n", output_.get());
  begin_line();
  return {std::exchange(interrupted_, true) ? Event::quit : Event::interrupt, ""};
}

bool LineEditor::is_empty() const {
  const auto* line = el_line(edit_.get());
  return line->buffer == line->lastchar;
}

/// Leaving and entering the mode is how libedit forgets a line and shows the prompt again.
void LineEditor::begin_line() {
  el_set(edit_.get(), EL_UNBUFFERED, 0);
  el_set(edit_.get(), EL_UNBUFFERED, 1);
}

int LineEditor::rows_above_cursor() const {
  const auto* line = el_line(edit_.get());
  const std::string_view before(line->buffer, static_cast<std::size_t>(line->cursor - line->buffer));
  return (width_of(prompt_) + width_of(before)) / columns_of(out_);
}

std::string LineEditor::above_prompt(std::string_view text) const {
  const int rows = rows_above_cursor();
  const std::string up = rows > 0 ? "\x1b[" + std::to_string(rows) + "A" : "";
  return "\r" + up + "\x1b[J" + std::string(text);
}

void LineEditor::redraw() { el_set(edit_.get(), EL_REFRESH); }

void LineEditor::resized() {
  el_resize(edit_.get());
  redraw();
}

}  // namespace bot
