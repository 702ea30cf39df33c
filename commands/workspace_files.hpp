#pragma once
#include <string>
#include <vector>

namespace commands {

/// A script or unit of deploy/, as a workspace gets it: its comments are left out.
struct WorkspaceFile {
  std::string path;  ///< on the workspace
  std::string mode;  ///< "0755"
  std::string text;  ///< gzip, in base64
};

/// Those of deploy/workspace-files, in its order. Written at build time by deploy/embed.sh.
std::vector<WorkspaceFile> workspace_files();

}  // namespace commands
