source "hcloud" "ubuntu-dev" {
  image         = var.ubuntu_image
  location      = var.location
  server_type   = var.server_type
  server_name   = "packer-ubuntu-dev"
  ssh_username  = "root"
  snapshot_name = "ubuntu-dev-{{timestamp}}"
  snapshot_labels = {
    "os-flavor"       = "ubuntu-dev"
    "build-time"      = "{{timestamp}}"
    "devbox-contract" = "1"
  }
}

build {
  sources = ["source.hcloud.ubuntu-dev"]

  provisioner "file" {
    source      = "${path.root}/steps/ground"
    destination = "/var/tmp/devbox-ground"
  }

  provisioner "shell" {
    environment_vars = [
      "TAILSCALE_URL=${var.tailscale_url}",
      "TAILSCALE_SHA256=${var.tailscale_sha256}",
      "CODE_SERVER_URL=${var.code_server_url}",
      "CODE_SERVER_SHA256=${var.code_server_sha256}",
      "MOZILLA_KEY=${var.mozilla_key}",
    ]
    scripts = [
      "${path.root}/steps/settle",
      "${path.root}/steps/tools-apt",
      "${path.root}/steps/programs",
      "${path.root}/steps/clean",
      "${path.root}/steps/contract",
    ]
  }
}
