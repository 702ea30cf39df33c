#include "tailnet/tag.hpp"

#include "tests/catch.hpp"

using namespace tailnet;

TEST_CASE("an owner takes the place of {owner} in the tag") {
  CHECK(tag_of("tag:devbox-{owner}", "alice") == "tag:devbox-alice");
  CHECK(tag_of("tag:devbox-{owner}-box", "alice") == "tag:devbox-alice-box");
  CHECK(tag_of("tag:devbox", "alice") == "tag:devbox");
}

TEST_CASE("a tag is ours whoever its owner is, and not when there is none") {
  CHECK(has_tag({"tag:x", "tag:devbox-alice"}, "tag:devbox-{owner}"));
  CHECK(has_tag({"tag:devbox-alice-box"}, "tag:devbox-{owner}-box"));
  CHECK_FALSE(has_tag({"tag:devbox-"}, "tag:devbox-{owner}"));
  CHECK_FALSE(has_tag({"tag:devbox"}, "tag:devbox-{owner}"));
  CHECK_FALSE(has_tag({"tag:devbox-box"}, "tag:devbox-{owner}-box"));
  CHECK_FALSE(has_tag({"tag:devbox-alice"}, "tag:devbox"));
  CHECK_FALSE(has_tag({}, "tag:devbox"));
}
