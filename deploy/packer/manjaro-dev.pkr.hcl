source "hcloud" "manjaro-dev" {
  location     = var.location
  server_type  = var.server_type
  ssh_username = "root"
  # Of the newest manjaro-base, which therefore is built first.
  image_filter {
    with_selector = ["os-flavor=manjaro-base"]
    most_recent   = true
  }
  snapshot_name = "manjaro-dev-{{timestamp}}"
  snapshot_labels = {
    "os-flavor"       = "manjaro-dev"
    "build-time"      = "{{timestamp}}"
    "devbox-contract" = "1"
  }
}

build {
  sources = ["source.hcloud.manjaro-dev"]

  provisioner "file" {
    source      = "${path.root}/steps/ground"
    destination = "/var/tmp/devbox-ground"
  }

  provisioner "shell" {
    environment_vars = local.programs
    scripts = [
      "${path.root}/steps/settle",
      "${path.root}/steps/tools-pacman",
      "${path.root}/steps/programs",
      "${path.root}/steps/clean",
      "${path.root}/steps/contract",
    ]
  }
}
