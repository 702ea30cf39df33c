// toml++ is compiled here, once and into the program: its shared library would be relocated whole at every
// start.
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
