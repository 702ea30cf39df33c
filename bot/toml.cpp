// toml++ is compiled here, once and into the program: its shared library would be relocated whole at every
// start. Its tables of white space call many letters unreachable ("é"), which is right in what it then
// answers and wrong for a sanitizer.
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
