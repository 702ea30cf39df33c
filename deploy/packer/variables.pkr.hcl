# The token comes from the environment, HCLOUD_TOKEN, and the API's address from HCLOUD_ENDPOINT where it is another.

variable "location" {
  type    = string
  default = "fsn1"
}

# The smallest disk that is sold (40 GB): an image boots only on types whose disk is at least as large.
variable "server_type" {
  type    = string
  default = "cpx12"
}

variable "debian_image" {
  type    = string
  default = "debian-12"
}

variable "ubuntu_image" {
  type    = string
  default = "ubuntu-24.04"
}

# Versions with the SHA-256 of their archives, changed together: a file that has another is refused, and without one the build
# stops. A mirror has the archives at the same paths as the vendor.
variable "tailscale_version" {
  type    = string
  default = "1.102.4"
}

variable "tailscale_sha256_amd64" {
  type    = string
  default = "50748df1045e60b5b695f19f4c56b0da36c019948b440fb456b6584a50f0d8b9"
}

variable "tailscale_sha256_arm64" {
  type    = string
  default = "9dd1e6a592a014bbaea0103167ffe299adeda4ba14e078ce9c2895364f6c4c3f"
}

variable "tailscale_mirror" {
  type    = string
  default = "https://pkgs.tailscale.com/stable"
}

variable "code_server_version" {
  type    = string
  default = "4.139.1"
}

variable "code_server_sha256_amd64" {
  type    = string
  default = "53029be6c5781b7bca49b815fcc9a2a3fc111813ad8c9965b2c0f0d2985a0674"
}

variable "code_server_sha256_arm64" {
  type    = string
  default = "0edb4b60d9c4744b2dd14b0911e3c2e6dd8c6f3c13bd58bda23ae744e59e7df1"
}

variable "code_server_mirror" {
  type    = string
  default = "https://github.com/coder/code-server/releases/download"
}

# Of the key that signs Mozilla's packages: on Ubuntu the distribution's own browsers are snaps.
variable "mozilla_key" {
  type    = string
  default = "35BAA0B33E9EB396F59CA838C0BA5CE6DC6315A3"
}

variable "mozilla_mirror" {
  type    = string
  default = "https://packages.mozilla.org/apt"
}

variable "manjaro_mirror" {
  type    = string
  default = "https://mirror.easyname.at/manjaro/stable"
}

# Of the key that signs Manjaro's keyring (its build server's); what else is trusted follows from that package.
variable "manjaro_key" {
  type    = string
  default = "3B794DE6D4320FCE594F4171279E7CF5D8D56EC8"
}

variable "manjaro_kernel" {
  type    = string
  default = "linux612"
}

# What the steps of a workspace's image are told.
locals {
  programs = [
    "TAILSCALE_VERSION=${var.tailscale_version}",
    "TAILSCALE_SHA256_AMD64=${var.tailscale_sha256_amd64}",
    "TAILSCALE_SHA256_ARM64=${var.tailscale_sha256_arm64}",
    "TAILSCALE_MIRROR=${var.tailscale_mirror}",
    "CODE_SERVER_VERSION=${var.code_server_version}",
    "CODE_SERVER_SHA256_AMD64=${var.code_server_sha256_amd64}",
    "CODE_SERVER_SHA256_ARM64=${var.code_server_sha256_arm64}",
    "CODE_SERVER_MIRROR=${var.code_server_mirror}",
    "MOZILLA_KEY=${var.mozilla_key}",
    "MOZILLA_MIRROR=${var.mozilla_mirror}",
  ]
}
