// toml++ is compiled here, once and into the program: its shared library would be relocated whole at every
// start. Its tables of white space call many letters unreachable ("é"), and its assertions end the
// program for "[" and a NUL, where it goes on to answer rightly: it is compiled as Debian does, without
// either.
#define TOML_IMPLEMENTATION
#include <toml++/toml.h>
