# Packer 1.7 and later fetch the builder with `packer init`. Debian's 1.6.6 has it inside and does not know this block,
# so it is in a file of its own, which ./build leaves out there.
packer {
  required_version = ">= 1.7.0"
  required_plugins {
    hcloud = {
      source  = "github.com/hetznercloud/hcloud"
      version = ">= 1.7.0, < 2.0.0"
    }
  }
}
