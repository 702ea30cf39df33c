package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/hetznercloud/hcloud-go/v2/hcloud"
)

var fsn1 = &hcloud.Location{Name: "fsn1"}

func publicKey() string {
	public, _, err := ed25519.GenerateKey(nil)
	expect(err == nil, err)
	var text []byte
	for _, part := range [][]byte{[]byte("ssh-ed25519"), public} {
		text = append(binary.BigEndian.AppendUint32(text, uint32(len(part))), part...)
	}
	return "ssh-ed25519 " + base64.StdEncoding.EncodeToString(text) + " peer"
}

// life: all that a person has is made, used, changed and taken away.
func (s story) life() {
	text := publicKey()
	key := must(s.SSHKey.Create(s, hcloud.SSHKeyCreateOpts{Name: "peer", PublicKey: text}))
	expect(must(s.SSHKey.GetByFingerprint(s, key.Fingerprint)).ID == key.ID, "the key's fingerprint")
	key = must(s.SSHKey.Update(s, key, hcloud.SSHKeyUpdateOpts{Name: "peer2", Labels: map[string]string{"of": "alice"}}))
	expect(key.Name == "peer2" && key.Labels["of"] == "alice", key)

	image := s.newest("os-flavor=ubuntu-dev")
	volume := must(s.Volume.Create(s, hcloud.VolumeCreateOpts{Name: "home", Size: 10, Location: fsn1, Format: hcloud.Ptr("ext4")}))
	s.done(volume.Action)
	address := must(s.PrimaryIP.Create(s, hcloud.PrimaryIPCreateOpts{
		Name: "address", Type: hcloud.PrimaryIPTypeIPv4, Location: "fsn1", AutoDelete: hcloud.Ptr(false)})).PrimaryIP
	expect(address.AssigneeID == 0 && address.Location.Name == "fsn1", address)

	server := s.order(hcloud.ServerCreateOpts{
		Name: "box", ServerType: &hcloud.ServerType{Name: "cpx32"}, Image: image, SSHKeys: []*hcloud.SSHKey{key},
		Location: fsn1, UserData: "#cloud-config\n", Labels: map[string]string{"of": "alice"},
		Automount: hcloud.Ptr(false), Volumes: []*hcloud.Volume{volume.Volume},
		PublicNet: &hcloud.ServerCreatePublicNet{EnableIPv4: true, EnableIPv6: true, IPv4: address}})
	expect(server.Status == hcloud.ServerStatusRunning && server.PublicNet.IPv4.IP.Equal(address.IP), server)
	expect(len(server.Volumes) == 1 && server.Volumes[0].ID == volume.Volume.ID && server.Image.ID == image.ID, server)
	expect(must(s.PrimaryIP.GetByIP(s, address.IP.String())).AssigneeID == server.ID, "whose address it is")
	expect(len(mustAll(s.Server.AllWithOpts(s, hcloud.ServerListOpts{
		ListOpts: hcloud.ListOpts{LabelSelector: "of in (alice,bob),!gone"}, Status: []hcloud.ServerStatus{"off", "running"},
		Sort: []string{"created:desc", "name"}}))) == 1, "the list by label")

	s.power(server)
	snapshot := s.snapshot(server)
	s.change(server, volume.Volume)
	s.take(server, volume.Volume, address)
	deleted(s.Image.Delete(s, snapshot))
	deleted(s.SSHKey.Delete(s, key))
	expect(len(mustAll(s.Server.All(s))) == 0 && len(mustAll(s.Volume.All(s))) == 0, "something is left")
	expect(len(mustAll(s.PrimaryIP.All(s))) == 0, "an address is left")
}

// newest: the snapshot that the bot would take.
func (s story) newest(selector string) *hcloud.Image {
	images := mustAll(s.Image.AllWithOpts(s, hcloud.ImageListOpts{
		ListOpts: hcloud.ListOpts{LabelSelector: selector}, Type: []hcloud.ImageType{hcloud.ImageTypeSnapshot},
		Status: []hcloud.ImageStatus{hcloud.ImageStatusAvailable}, Architecture: []hcloud.Architecture{hcloud.ArchitectureX86},
		Sort: []string{"created:desc"}}))
	expect(len(images) > 0, "no image with ", selector)
	for _, each := range images {
		expect(!each.Created.After(images[0].Created), "not sorted")
	}
	return images[0]
}

func (s story) order(opts hcloud.ServerCreateOpts) *hcloud.Server {
	made := must(s.Server.Create(s, opts))
	expect(made.Server.Status == hcloud.ServerStatusInitializing && made.Server.Locked, made.Server)
	s.done(append(made.NextActions, made.Action)...)
	return must(s.Server.GetByName(s, opts.Name))
}

func (s story) is(server *hcloud.Server, status hcloud.ServerStatus) {
	now := must(s.Server.GetByID(s, server.ID))
	expect(now.Status == status, now.Status, " and not ", status)
}

func (s story) untilOff(server *hcloud.Server) {
	for must(s.Server.GetByID(s, server.ID)).Status != hcloud.ServerStatusOff {
		expect(s.Err() == nil, "it did not go off")
		time.Sleep(20 * time.Millisecond)
	}
}

func (s story) power(server *hcloud.Server) {
	s.done(must(s.Server.Shutdown(s, server)))
	s.untilOff(server)
	s.done(must(s.Server.Poweron(s, server)))
	s.is(server, hcloud.ServerStatusRunning)
	s.done(must(s.Server.Reboot(s, server)))
	s.done(must(s.Server.Reset(s, server)))
	s.is(server, hcloud.ServerStatusRunning)
	s.done(must(s.Server.Poweroff(s, server)))
	s.is(server, hcloud.ServerStatusOff)
	commands := map[string]bool{}
	for _, each := range mustAll(s.Server.Action.All(s, hcloud.ActionListOpts{Sort: []string{"started:asc"}})) {
		commands[each.Command] = true
	}
	for _, each := range []string{"create_server", "start_server", "attach_volume", "shutdown_server", "reboot_server", "stop_server"} {
		expect(commands[each], "no ", each)
	}
}

func (s story) snapshot(server *hcloud.Server) *hcloud.Image {
	made := must(s.Server.CreateImage(s, server, &hcloud.ServerCreateImageOpts{
		Type: hcloud.ImageTypeSnapshot, Description: hcloud.Ptr("base"), Labels: map[string]string{"stage": "base"}}))
	expect(made.Image.Status == hcloud.ImageStatusCreating && made.Image.CreatedFrom.ID == server.ID, made.Image)
	refused[*hcloud.Action](hcloud.ErrorCodeLocked)(s.Server.Poweron(s, server))
	s.done(made.Action)
	image := s.newest("stage=base")
	expect(image.ID == made.Image.ID && image.ImageSize > 0 && image.Description == "base", image)
	image = must(s.Image.Update(s, image, hcloud.ImageUpdateOpts{Description: hcloud.Ptr("next"), Labels: map[string]string{"stage": "next"}}))
	expect(image.Description == "next" && image.Labels["stage"] == "next", image)
	s.done(must(s.Image.ChangeProtection(s, image, hcloud.ImageChangeProtectionOpts{Delete: hcloud.Ptr(true)})))
	notDeleted(hcloud.ErrorCodeProtected)(s.Image.Delete(s, image))
	s.done(must(s.Image.ChangeProtection(s, image, hcloud.ImageChangeProtectionOpts{Delete: hcloud.Ptr(false)})))
	return image
}

func (s story) change(server *hcloud.Server, volume *hcloud.Volume) {
	s.done(must(s.Server.ChangeType(s, server, hcloud.ServerChangeTypeOpts{ServerType: &hcloud.ServerType{Name: "cpx42"}})))
	s.done(must(s.Server.Poweron(s, server)))
	rebuilt := must(s.Server.RebuildWithResult(s, server, hcloud.ServerRebuildOpts{
		Image: &hcloud.Image{Name: "debian-13"}, UserData: hcloud.Ptr("#cloud-config\n")}))
	s.done(rebuilt.Action)
	now := must(s.Server.GetByID(s, server.ID))
	expect(now.ServerType.Name == "cpx42" && now.Image.Name == "debian-13" && now.PrimaryDiskSize == 160, now)
	now = must(s.Server.Update(s, server, hcloud.ServerUpdateOpts{Name: "box2", Labels: map[string]string{}}))
	expect(now.Name == "box2" && len(now.Labels) == 0, now)
	s.done(must(s.Volume.Resize(s, volume, 20)))
	s.done(must(s.Volume.Detach(s, volume)))
	s.done(must(s.Volume.AttachWithOpts(s, volume, hcloud.VolumeAttachOpts{Server: server, Automount: hcloud.Ptr(false)})))
	volume = must(s.Volume.Update(s, volume, hcloud.VolumeUpdateOpts{Name: "home2"}))
	expect(volume.Name == "home2" && volume.Size == 20 && volume.Server.ID == server.ID, volume)
}

func (s story) take(server *hcloud.Server, volume *hcloud.Volume, address *hcloud.PrimaryIP) {
	on, off := hcloud.Ptr(true), hcloud.Ptr(false)
	s.done(must(s.Server.ChangeProtection(s, server, hcloud.ServerChangeProtectionOpts{Delete: on, Rebuild: on})))
	refused[*hcloud.ServerDeleteResult](hcloud.ErrorCodeProtected)(s.Server.DeleteWithResult(s, server))
	s.done(must(s.Server.ChangeProtection(s, server, hcloud.ServerChangeProtectionOpts{Delete: off, Rebuild: off})))
	refused[*hcloud.Action](hcloud.ErrorCodeServerNotStopped)(s.PrimaryIP.Unassign(s, address.ID))
	s.done(must(s.Server.Poweroff(s, server)))
	s.done(must(s.PrimaryIP.Unassign(s, address.ID)))
	expect(must(s.Server.GetByID(s, server.ID)).PublicNet.IPv4.IP == nil, "it still has its address")
	s.done(must(s.PrimaryIP.Assign(s, hcloud.PrimaryIPAssignOpts{ID: address.ID, AssigneeID: server.ID, AssigneeType: "server"})))
	notDeleted("must_be_unassigned")(s.PrimaryIP.Delete(s, address))
	notDeleted("volume_already_attached")(s.Volume.Delete(s, volume))
	gone := must(s.Server.DeleteWithResult(s, server))
	expect(must(s.Server.GetByID(s, server.ID)) == nil, "it is still there")
	s.done(gone.Action)
	address = must(s.PrimaryIP.Update(s, address, hcloud.PrimaryIPUpdateOpts{Name: "address2", Labels: &map[string]string{"of": "alice"}}))
	expect(address.Name == "address2" && address.AssigneeID == 0 && address.AssigneeType == "unassigned", address)
	s.done(must(s.PrimaryIP.ChangeProtection(s, hcloud.PrimaryIPChangeProtectionOpts{ID: address.ID, Delete: true})))
	notDeleted(hcloud.ErrorCodeProtected)(s.PrimaryIP.Delete(s, address))
	s.done(must(s.PrimaryIP.ChangeProtection(s, hcloud.PrimaryIPChangeProtectionOpts{ID: address.ID, Delete: false})))
	deleted(s.PrimaryIP.Delete(s, address))
	s.done(must(s.Volume.ChangeProtection(s, volume, hcloud.VolumeChangeProtectionOpts{Delete: on})))
	notDeleted(hcloud.ErrorCodeProtected)(s.Volume.Delete(s, volume))
	s.done(must(s.Volume.ChangeProtection(s, volume, hcloud.VolumeChangeProtectionOpts{Delete: off})))
	deleted(s.Volume.Delete(s, volume))
}
