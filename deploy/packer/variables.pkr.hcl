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
  default = "debian-13"
}

variable "ubuntu_image" {
  type    = string
  default = "ubuntu-24.04"
}

# Archives with their SHA-256. An empty checksum stops the build: nothing unchecked gets into an image.
variable "tailscale_url" {
  type    = string
  default = "https://pkgs.tailscale.com/stable/tailscale_1.94.2_amd64.tgz"
}

variable "tailscale_sha256" {
  type    = string
  default = "c6f99a5d774c7783b56902188d69e9756fc3dddfb08ac6be4cb2585f3fecdc32"
}

variable "code_server_url" {
  type    = string
  default = "https://github.com/coder/code-server/releases/download/v4.101.2/code-server-4.101.2-linux-amd64.tar.gz"
}

variable "code_server_sha256" {
  type    = string
  default = ""
}

# Of the key that signs Mozilla's packages: on Ubuntu the distribution's own browsers are snaps.
variable "mozilla_key" {
  type    = string
  default = "35BAA0B33E9EB396F59CA838C0BA5CE6DC6315A3"
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
