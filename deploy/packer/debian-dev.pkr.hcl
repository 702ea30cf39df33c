source "hcloud" "debian-dev" {
  image         = var.debian_image
  location      = var.location
  server_type   = var.server_type
  ssh_username  = "root"
  snapshot_name = "debian-dev-{{timestamp}}"
  snapshot_labels = {
    "os-flavor"       = "debian-dev"
    "build-time"      = "{{timestamp}}"
    "devbox-contract" = "1"
  }
}

build {
  sources = ["source.hcloud.debian-dev"]

  provisioner "file" {
    source      = "${path.root}/steps/ground"
    destination = "/var/tmp/devbox-ground"
  }

  provisioner "shell" {
    environment_vars = local.programs
    scripts = [
      "${path.root}/steps/settle",
      "${path.root}/steps/tools-apt",
      "${path.root}/steps/programs",
      "${path.root}/steps/clean",
      "${path.root}/steps/contract",
    ]
  }
}
