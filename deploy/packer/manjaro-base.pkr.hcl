# There is no image of Manjaro at Hetzner: it is installed on the disk from the rescue system, which is a Debian.
source "hcloud" "manjaro-base" {
  image         = var.debian_image
  location      = var.location
  server_type   = var.server_type
  rescue        = "linux64"
  ssh_username  = "root"
  snapshot_name = "manjaro-base-{{timestamp}}"
  snapshot_labels = {
    "os-flavor"  = "manjaro-base"
    "build-time" = "{{timestamp}}"
  }
}

build {
  sources = ["source.hcloud.manjaro-base"]

  provisioner "file" {
    source      = "${path.root}/steps/"
    destination = "/var/tmp/"
  }

  provisioner "shell" {
    environment_vars = [
      "DISK=/dev/sda",
      "MANJARO_MIRROR=${var.manjaro_mirror}",
      "MANJARO_KEY=${var.manjaro_key}",
      "MANJARO_KERNEL=${var.manjaro_kernel}",
    ]
    scripts = ["${path.root}/steps/manjaro-install"]
  }
}
