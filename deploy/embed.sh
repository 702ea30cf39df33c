#!/bin/sh
# embed.sh LIST OUTPUT: writes the C++ of commands::workspace_files(), the files of LIST (deploy/workspace-files) as gzip
# in base64. Lines that are comments are left out, for Hetzner takes 32 KiB of user-data; a line of a here-document that
# begins with # would be lost, too. Run in the project's root.
set -eu

without_comments() {
  sed -e '1{/^#!/b' -e '}' -e '/^[[:space:]]*#/d' -e '/^[[:space:]]*$/d' "$1"
}

{
  echo '#include "commands/workspace_files.hpp"'
  echo 'namespace commands {'
  echo 'std::vector<WorkspaceFile> workspace_files() {'
  echo '  return {'
  grep -v '^#' "$1" | while read -r mode path source; do
    [ -s "$source" ] || exit 1
    echo "      {\"$path\", \"$mode\", \"$(without_comments "$source" | gzip -9n | base64 -w0)\"},"
  done
  echo '  };'
  echo '}'
  echo '}'
} >"$2.new"
mv "$2.new" "$2"
