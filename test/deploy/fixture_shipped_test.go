//go:build integration && linux

package deploy

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"go-xmpp-bosh/test/parts"
)

// ship reads a file of deploy/.
func ship(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts.Root, "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// edited makes a shipped file one for this machine. Only lines that are marked EDIT change, all of them, and each pair of an old text
// and a new one has to be of use.
func edited(t *testing.T, name, text string, pairs ...string) string {
	t.Helper()
	used := map[string]bool{}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !isMarked(line) {
			continue
		}
		for k := 0; k < len(pairs); k += 2 {
			if strings.Contains(lines[i], pairs[k]) {
				lines[i] = strings.ReplaceAll(lines[i], pairs[k], pairs[k+1])
				used[pairs[k]] = true
			}
		}
		if lines[i] == line {
			t.Errorf("%s, line %d is marked EDIT, but nothing of it had to be changed: %s", name, i+1, line)
		}
	}
	for k := 0; k < len(pairs); k += 2 {
		if !used[pairs[k]] {
			t.Errorf("%s: no line that is marked EDIT has %q", name, pairs[k])
		}
	}
	return strings.Join(lines, "\n")
}

// isMarked reports whether a line of a file is one to be changed, which its comments about such lines are not.
func isMarked(line string) bool {
	i := strings.Index(line, "# EDIT")
	return i > 0 && strings.TrimSpace(line[:i]) != ""
}

var commandLine = regexp.MustCompile(`(?m)^# +bosh-server (--.*)$`)

// nodeFlags are the flags with which a shipped file says that its nodes have to be started, for the node of that name and a proxy on loopback.
func nodeFlags(t *testing.T, text, node string) []string {
	t.Helper()
	m := commandLine.FindStringSubmatch(text)
	if m == nil {
		t.Fatal("the file does not say how to start a node")
	}
	line := strings.NewReplacer("192.0.2.1", "127.0.0.1", "node1", node).Replace(m[1])
	var flags []string
	for i, part := range strings.Split(line, "'") { // odd parts are quoted
		if i%2 == 1 {
			flags[len(flags)-1] += part
			continue
		}
		flags = append(flags, strings.Fields(part)...)
	}
	return flags
}

// certificate makes one for localhost and 127.0.0.1, and returns its file, its key's, one with both, and who signed it.
func certificate(t *testing.T, dir string) (crt, key, both string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	crtPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(crtPEM)
	crt, key, both = filepath.Join(dir, "localhost.crt"), filepath.Join(dir, "localhost.key"), filepath.Join(dir, "localhost.pem")
	write(t, crt, string(crtPEM))
	write(t, key, string(keyPEM))
	write(t, both, string(crtPEM)+string(keyPEM))
	return crt, key, both, pool
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// freeAddress is an address of 127.0.0.1 on whose port nobody listens at the moment.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
