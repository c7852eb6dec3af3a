package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"
)

// others has for every setting a value that is not its default: what a flag takes, the same in JSON where that is not a string, and what has to go with it. PEM is a file with a certificate and its key.
var others = map[string]struct {
	text, json string
	with       []string
}{
	"host": {text: "127.0.0.1"}, "port": {text: "5281"}, "path": {text: "/b/"}, "public-url": {text: "https://x.example/http-bind/"},
	"backend": {text: "a.example=127.0.0.1:5222"}, "backend-insecure": {text: "a.example"}, "allow-private-backends": {text: "10.0.0.0/8"}, "dns": {text: "192.0.2.1"},
	"connect-timeout": {text: "16"}, "backend-tls": {text: "off"}, "backend-ca": {text: "PEM"}, "no-tls-domains": {text: "a.example"},
	"allow-origin": {text: "https://a.example"}, "trusted-proxies": {text: "10.0.0.0/8"}, "proxy-protocol": {text: "true", json: "true", with: []string{"--trusted-proxies=10.0.0.1"}},
	"firewall-allow": {text: "a.example"}, "firewall-deny": {text: "a.example"}, "route-filter": {text: "^xmpp:"},
	"max-data-held": {text: "200000"}, "max-xmpp-stanza-size": {text: "200000"}, "loops": {text: "2"}, "max-sessions": {text: "7"},
	"max-sessions-per-address": {text: "7"}, "max-connections-per-address": {text: "7"}, "max-sessions-per-domain": {text: "7"}, "max-requests-per-second": {text: "7"},
	"max-bytes-per-second": {text: "7000"}, "login-timeout": {text: "301"}, "max-memory": {text: "77"},
	"max-wait": {text: "20"}, "max-bosh-connections": {text: "3", with: []string{"--window-size=5"}}, "window-size": {text: "5"}, "default-inactivity": {text: "71"}, "max-inactivity": {text: "161"},
	"max-pause": {text: "121"}, "polling": {text: "3"}, "features-delay": {text: "7"}, "max-streams-per-session": {text: "7"}, "pidgin-compatible": {text: "true", json: "true"},
	"websocket-path": {text: "/socket"}, "websocket-ping-interval": {text: "31"}, "websocket-compress": {text: "false", json: "false"},
	"http-headers": {text: "X-Node: a"}, "http-socket-keepalive": {text: "61"}, "http-idle-timeout": {text: "76"}, "http-head-timeout": {text: "11"}, "http-body-timeout": {text: "31"},
	"tls-port": {text: "5282", with: []string{"--tls-cert=PEM", "--tls-key=PEM"}}, "tls-cert": {text: "PEM", with: []string{"--tls-port=0", "--tls-key=PEM"}},
	"tls-key":              {text: "PEM", with: []string{"--tls-port=0", "--tls-cert=PEM"}},
	"system-info-password": {text: "hush"}, "logging": {text: "DEBUG"}, "log-format": {text: "json"}, "access-log": {text: "7"}, "trim-default-length": {text: "7"}, "admin": {text: "9280"},
	"drain-timeout": {text: "7"}, "drain-redirect": {text: "https://x.example/http-bind/"}, "demo": {text: "true", json: "true"}, "demo-password": {text: "hush", with: []string{"--demo"}},
}

// TestEachFlagIsSet sets every setting to another value, from each of the three sources: it is taken, in force, and shown with where it came from; secrets are not shown.
func TestEachFlagIsSet(t *testing.T) {
	pair := pairFile(t)
	seen := map[string]bool{"config": true, "firewall": true} // where settings come from; two others in one
	allFlags().VisitAll(func(flag *pflag.Flag) {
		if onlyCommand[flag.Name] || seen[flag.Name] {
			return
		}
		seen[flag.Name] = true
		c, ok := others[flag.Name]
		if !ok {
			t.Errorf("--%s: give it a value in others", flag.Name)
			return
		}
		put := func(text string) string { return strings.ReplaceAll(text, "PEM", pair) }
		var with []string
		for _, w := range c.with {
			with = append(with, put(w))
		}
		text, value := put(c.text), c.json
		if value == "" && flag.Value.Type() == "int" {
			value = text
		} else if value == "" {
			b, err := json.Marshal(text)
			if err != nil {
				t.Fatal(err)
			}
			value = string(b)
		}
		for from, in := range map[source]struct{ args, environ []string }{
			sourceFile:        {append(slices.Clone(with), "--config="+writeConfig(t, `{"`+spelled(flag.Name)+`": `+value+`}`)), nil},
			sourceEnvironment: {with, []string{environmentName(flag.Name) + "=" + text}},
			sourceCommandLine: {append(slices.Clone(with), "--"+flag.Name+"="+text), nil},
		} {
			s, err := parseSettings(in.args, in.environ, io.Discard)
			if err == nil {
				_, err = s.proxyConfig(nil)
			}
			if err != nil {
				t.Errorf("--%s from the %s: %v", flag.Name, from, err)
				continue
			}
			want := text
			if notes[flag.Name].mask {
				want = "not shown"
			}
			var out bytes.Buffer
			if err := s.printConfig(&out); err != nil {
				t.Fatal(err)
			}
			found := false
			for line := range strings.Lines(out.String()) {
				name, rest, _ := strings.Cut(strings.Join(strings.Fields(line), " "), " ")
				found = found || name == spelled(flag.Name) && strings.Contains(rest, want) && strings.HasSuffix(rest, s.from[flag.Name].String())
			}
			if !found || s.from[flag.Name].source != from || strings.Contains(out.String(), "hush") {
				t.Errorf("--%s=%s from the %s is not shown:\n%s", flag.Name, text, from, out.String())
			}
			if got := s.flags.Lookup(flag.Name); got.Value.String() == flag.DefValue {
				t.Errorf("--%s from the %s is what it was", flag.Name, from)
			}
		}
	})
	for _, name := range slices.Sorted(maps.Keys(others)) {
		if !seen[name] {
			t.Errorf("others has --%s, which is no flag", name)
		}
	}
}

// pairFile is a file with a certificate and its key.
func pairFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "pair.pem")
	if err := os.WriteFile(name, certificatePEM(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// certificatePEM makes one.
func certificatePEM(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"a.example"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return append(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})...)
}
