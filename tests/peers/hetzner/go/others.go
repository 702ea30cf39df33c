package main

import (
	"strings"
	"time"

	"github.com/hetznercloud/hcloud-go/v2/hcloud"
)

func (s story) market() {
	location := must(s.Location.GetByName(s, "fsn1"))
	expect(must(s.Location.GetByID(s, location.ID)).Name == "fsn1", "the location by id")
	kind := must(s.ServerType.GetByName(s, "cpx32"))
	expect(must(s.ServerType.GetByID(s, kind.ID)).Cores == 4, "the type by id")
	expect(must(s.ServerType.GetByName(s, "cx11")) == nil, "a type of long ago")
	for _, each := range kind.Locations {
		expect(each.Location.Name != "ash" || !each.Available, "cpx32 in Ashburn")
	}
	pricing := must(s.Pricing.Get(s))
	expect(pricing.Currency == "EUR" && len(pricing.ServerTypes) == len(mustAll(s.ServerType.All(s))), pricing.Currency)
	image := must(s.Image.GetByNameAndArchitecture(s, "debian-13", hcloud.ArchitectureARM))
	expect(must(s.Image.GetByID(s, image.ID)).Architecture == hcloud.ArchitectureARM, image)
	for _, each := range mustAll(s.ISO.All(s)) {
		expect(must(s.ISO.GetByID(s, each.ID)).Name == each.Name, each)
	}
}

// access: what is used to get at a server that has lost its own ways in.
func (s story) access() {
	key := must(s.SSHKey.Create(s, hcloud.SSHKeyCreateOpts{Name: "rescuer", PublicKey: publicKey()}))
	opts := hcloud.ServerCreateOpts{Name: "lost", ServerType: &hcloud.ServerType{Name: "cpx22"}, Location: fsn1,
		Image: &hcloud.Image{Name: "debian-12"}, StartAfterCreate: hcloud.Ptr(false),
		PublicNet: &hcloud.ServerCreatePublicNet{EnableIPv4: true}}
	made := must(s.Server.Create(s, opts))
	expect(made.RootPassword != "" && len(made.NextActions) == 0, made.NextActions)
	s.done(made.Action)
	server := made.Server
	s.is(server, hcloud.ServerStatusOff)
	s.done(must(s.Server.Poweron(s, server)))
	rescue := must(s.Server.EnableRescue(s, server, hcloud.ServerEnableRescueOpts{
		Type: hcloud.ServerRescueTypeLinux64, SSHKeys: []*hcloud.SSHKey{key}}))
	s.done(rescue.Action)
	expect(rescue.RootPassword != "" && must(s.Server.GetByID(s, server.ID)).RescueEnabled, "no rescue")
	s.done(must(s.Server.DisableRescue(s, server)))
	reset := must(s.Server.ResetPassword(s, server))
	s.done(reset.Action)
	console := must(s.Server.RequestConsole(s, server))
	s.done(console.Action)
	expect(strings.HasPrefix(console.WSSURL, "wss://") && reset.RootPassword != "", console)
	until := time.Now()
	metrics := must(s.Server.GetMetrics(s, server, hcloud.ServerGetMetricsOpts{
		Types: []hcloud.ServerMetricType{hcloud.ServerMetricCPU, hcloud.ServerMetricDisk, hcloud.ServerMetricNetwork},
		Start: until.Add(-time.Hour), End: until, Step: 60}))
	expect(len(metrics.TimeSeries["cpu"]) > 0, metrics)
	volume := must(s.Volume.Create(s, hcloud.VolumeCreateOpts{Name: "late", Size: 10, Server: server, Automount: hcloud.Ptr(true), Format: hcloud.Ptr("xfs")}))
	s.done(append(volume.NextActions, volume.Action)...)
	expect(must(s.Volume.GetByName(s, "late")).Server.ID == server.ID, "the volume of a server")
	s.done(must(s.Server.DeleteWithResult(s, server)).Action)
	deleted(s.Volume.Delete(s, volume.Volume))
	deleted(s.SSHKey.Delete(s, key))
}

func (s story) refusals(reader, stranger story) {
	volume := func(opts hcloud.VolumeCreateOpts) (hcloud.VolumeCreateResult, *hcloud.Response, error) {
		return s.Volume.Create(s, opts)
	}
	server := func(name, kind, image string, place *hcloud.Location) (hcloud.ServerCreateResult, *hcloud.Response, error) {
		return s.Server.Create(s, hcloud.ServerCreateOpts{Name: name, ServerType: &hcloud.ServerType{Name: kind},
			Image: &hcloud.Image{Name: image}, Location: place})
	}
	noVolume, noServer := refused[hcloud.VolumeCreateResult], refused[hcloud.ServerCreateResult]
	text := publicKey()
	key := must(s.SSHKey.Create(s, hcloud.SSHKeyCreateOpts{Name: "once", PublicKey: text}))
	refused[*hcloud.SSHKey](hcloud.ErrorCodeUniquenessError)(s.SSHKey.Create(s, hcloud.SSHKeyCreateOpts{Name: "twice", PublicKey: text}))
	refused[*hcloud.SSHKey](hcloud.ErrorCodeInvalidInput)(s.SSHKey.Create(s, hcloud.SSHKeyCreateOpts{Name: "no", PublicKey: "no"}))
	deleted(s.SSHKey.Delete(s, key))
	notDeleted(hcloud.ErrorCodeNotFound)(s.SSHKey.Delete(s, key))

	noVolume(hcloud.ErrorCodeInvalidInput)(volume(hcloud.VolumeCreateOpts{Name: "v", Size: 9, Location: fsn1}))
	noVolume(hcloud.ErrorCodeInvalidInput)(volume(hcloud.VolumeCreateOpts{Name: "v", Size: 10241, Location: fsn1}))
	noVolume(hcloud.ErrorCodeInvalidInput)(volume(hcloud.VolumeCreateOpts{Name: "v/w", Size: 10, Location: fsn1}))
	noVolume(hcloud.ErrorCodeInvalidInput)(volume(hcloud.VolumeCreateOpts{Name: "v", Size: 10, Location: fsn1,
		Labels: map[string]string{"bad key": "x"}}))
	far := must(volume(hcloud.VolumeCreateOpts{Name: "far", Size: 10, Location: &hcloud.Location{Name: "hel1"}}))
	s.done(far.Action)
	noVolume(hcloud.ErrorCodeUniquenessError)(volume(hcloud.VolumeCreateOpts{Name: "far", Size: 10, Location: fsn1}))
	refused[*hcloud.Action](hcloud.ErrorCodeInvalidInput)(s.Volume.Resize(s, far.Volume, 10))

	noServer(hcloud.ErrorCodeInvalidInput)(server("no_name", "cpx32", "debian-12", fsn1))
	noServer(hcloud.ErrorCodeInvalidInput)(server("no-type", "cpx31", "debian-12", fsn1))
	noServer(hcloud.ErrorCodeInvalidInput)(server("no-image", "cpx32", "debian-3", fsn1))
	noServer(hcloud.ErrorCodeResourceUnavailable)(server("no-stock", "cx23", "debian-12", fsn1))
	noServer(hcloud.ErrorCodeInvalidInput)(s.Server.Create(s, hcloud.ServerCreateOpts{Name: "too-far", Location: fsn1,
		ServerType: &hcloud.ServerType{Name: "cpx32"}, Image: &hcloud.Image{Name: "debian-12"}, Volumes: []*hcloud.Volume{far.Volume}}))
	noServer(hcloud.ErrorCodeInvalidInput)(s.Server.Create(s, hcloud.ServerCreateOpts{Name: "too-long", Location: fsn1,
		ServerType: &hcloud.ServerType{Name: "cpx32"}, Image: &hcloud.Image{Name: "debian-12"}, UserData: strings.Repeat("#", 32769)}))
	expect(must(s.Server.GetByName(s, "too-far")) == nil, "it was made")

	noVolume(hcloud.ErrorCodeForbidden)(reader.Volume.Create(s, hcloud.VolumeCreateOpts{Name: "v", Size: 10, Location: fsn1}))
	expect(must(reader.Volume.GetByName(s, "far")).ID == far.Volume.ID, "it may read")
	refused[[]*hcloud.Server](hcloud.ErrorCodeUnauthorized)(stranger.Server.List(s, hcloud.ServerListOpts{}))
	deleted(s.Volume.Delete(s, far.Volume))
	err := s.Action.WaitFor(s, &hcloud.Action{ID: 1, Status: hcloud.ActionStatusRunning})
	expect(err != nil && strings.Contains(err.Error(), "actions not found"), err)
}
