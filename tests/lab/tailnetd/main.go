// tailnetd is a small tailnet for tests: a control server that real tailscaled
// clients join with pre-auth keys, a DERP relay and STUN, and the admin APIs
// that a bot calls (Tailscale's API v2 and headscale's API v1). It keeps all of
// it in memory. It is not headscale and not Tailscale's service; what it does
// with names, tags, single-use and ephemeral keys follows their documentation.
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"flag"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"tailscale.com/derp/derpserver"
	"tailscale.com/net/stunserver"
	"tailscale.com/tailcfg"
	"tailscale.com/types/key"
)

type config struct {
	url, domain, apiToken, oauthID, oauthSecret, hsKey string
	tags, scopes                                       []string
	ephemeral, tokenTTL                                time.Duration
	deviceApproval, certificates                       bool
}

func selfSigned(ip string) tls.Certificate {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	t := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "derp"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
		DNSNames: []string{"derp"}, IPAddresses: []net.IP{net.ParseIP(ip)}}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &k.PublicKey, k)
	check(err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: k}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func secretOf(env string) string {
	v := os.Getenv(env)
	if v == "" {
		log.Fatalf("%s is not set", env)
	}
	return v
}

func main() {
	log.SetFlags(log.Ltime | log.Lmicroseconds)
	var (
		c      config
		listen = flag.String("listen", "127.0.0.1:18200", "where the APIs listen")
		nodeIP = flag.String("node-ip", "127.0.0.2", "address that nodes reach this server at")
		port   = flag.Int("port", 18200, "control port on -node-ip; the APIs answer there, too")
		derp   = flag.Int("derp-port", 18201, "DERP's TLS port on -node-ip")
		stun   = flag.Int("stun-port", 18202, "STUN's UDP port on -node-ip")
		tags   = flag.String("tags", "tag:devbox", "tags that the OAuth client owns, separated by commas")
		scopes = flag.String("scopes", "auth_keys,devices:core", "the OAuth client's scopes")
	)
	flag.StringVar(&c.domain, "domain", "tail0test.ts.net", "MagicDNS suffix")
	flag.DurationVar(&c.ephemeral, "ephemeral-timeout", 30*time.Minute, "how long an ephemeral node may be away")
	flag.DurationVar(&c.tokenTTL, "token-ttl", time.Hour, "lifetime of an OAuth access token")
	flag.BoolVar(&c.deviceApproval, "device-approval", false, "nodes of keys that are not preauthorized wait for approval")
	flag.BoolVar(&c.certificates, "certificates", false, "the tailnet offers HTTPS certificates to its nodes")
	flag.Parse()
	c.url = "http://" + net.JoinHostPort(*nodeIP, strconv.Itoa(*port))
	c.tags, c.scopes = strings.Split(*tags, ","), strings.Split(*scopes, ",")
	c.apiToken, c.hsKey = secretOf("TAILNETD_API_TOKEN"), secretOf("TAILNETD_HS_KEY")
	c.oauthID, c.oauthSecret = secretOf("TAILNETD_OAUTH_ID"), secretOf("TAILNETD_OAUTH_SECRET")

	s := &server{cfg: c, noise: key.NewMachine(), nodes: map[tailcfg.NodeID]*node{}, keys: map[string]*authKey{},
		tokens: map[string]token{}, subs: map[chan struct{}]bool{}}
	s.derpMap = &tailcfg.DERPMap{OmitDefaultRegions: true, Regions: map[int]*tailcfg.DERPRegion{
		900: {RegionID: 900, RegionCode: "lab", RegionName: "lab", Nodes: []*tailcfg.DERPNode{{
			Name: "900a", RegionID: 900, HostName: *nodeIP, IPv4: *nodeIP, IPv6: "none",
			DERPPort: *derp, STUNPort: *stun, InsecureForTests: true,
			STUNTestIP: netip.MustParseAddr(*nodeIP).String(),
		}}}}}

	control, err := net.Listen("tcp", net.JoinHostPort(*nodeIP, strconv.Itoa(*port)))
	check(err)
	apis, err := net.Listen("tcp", *listen)
	check(err)
	derpLn, err := net.Listen("tcp", net.JoinHostPort(*nodeIP, strconv.Itoa(*derp)))
	check(err)
	st := stunserver.New(context.Background())
	check(st.Listen(net.JoinHostPort(*nodeIP, strconv.Itoa(*stun))))

	ds := derpserver.New(key.NewNode(), func(string, ...any) {})
	dm := http.NewServeMux()
	dm.Handle("/derp", derpserver.Handler(ds))
	dm.HandleFunc("/derp/probe", derpserver.ProbeHandler)
	dm.HandleFunc("/derp/latency-check", derpserver.ProbeHandler)
	dm.HandleFunc("/generate_204", derpserver.ServeNoContent)
	quiet := log.New(new(discard), "", 0)
	go func() {
		srv := &http.Server{Handler: dm, ErrorLog: quiet, TLSNextProto: map[string]func(*http.Server, *tls.Conn, http.Handler){}}
		tl := tls.NewListener(derpLn, &tls.Config{Certificates: []tls.Certificate{selfSigned(*nodeIP)}})
		log.Fatal(srv.Serve(tl))
	}()
	go st.Serve()
	errc := make(chan error)
	for _, ln := range []net.Listener{control, apis} {
		go func() { errc <- (&http.Server{Handler: s.handler()}).Serve(ln) }()
	}
	log.Printf("tailnetd: API http://%s, nodes log in at %s, suffix %s", *listen, c.url, c.domain)
	if err := <-errc; !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

type discard struct{}

func (*discard) Write(b []byte) (int, error) { return len(b), nil }
