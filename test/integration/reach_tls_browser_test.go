//go:build integration && linux

package integration

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
)

// secureOptions is what reach_tls_browser.mjs is told.
type secureOptions struct {
	clientOptions
	WebSocket string `json:"webSocket"`
	Clear     string `json:"clear"`     // the BOSH endpoint over plain HTTP
	Host      string `json:"host"`      // the name in the certificate, which is to lead to 127.0.0.1
	PublicKey string `json:"publicKey"` // the hash of the only one that Chromium takes without an authority that it knows
}

// secureRound is what it prints of one log-in.
type secureRound struct {
	JID       string `json:"jid"`
	Mechanism string `json:"mechanism"`
	Protocol  string `json:"protocol"` // of TLS
	Secure    string `json:"secure"`   // the attribute of the first answer
	Roster    bool   `json:"roster"`
	Intact    bool   `json:"intact"`
	Clear     string `json:"clear"` // what a request in clear for the session was answered with, or "closed"
}

var refusedInClear = regexp.MustCompile(`a request in clear for a session that was created over HTTPS was refused`)

// TestReachBrowserTLS: strophe.js in Chromium logs in over HTTPS and over WSS, to Prosody over TLS. A request in clear for
// the HTTPS session is not answered, and harms it not (XEP-0124 §19.1).
func TestReachBrowserTLS(t *testing.T) {
	t.Parallel()
	needBrowser(t, "strophe.js")
	const host = "chat.test"
	own, inner := makeCertificates(t, host), makeCertificates(t, "localhost")
	p := startProsodyOn(t, "c2s_direct_tls", &inner)
	s := startServer(t, "--backend=localhost=xmpps:"+p.addr, "--backend-ca="+inner.ca,
		"--tls-port=0", "--tls-cert="+own.crt, "--tls-key="+own.key)
	at := s.secureAddr(t)
	_, port, _ := strings.Cut(at, ":")
	o := secureOptions{
		clientOptions: clientOptions{Service: "https://" + host + ":" + port + s.path, JID: aliceJID, Password: alicePassword, Wait: 20},
		WebSocket:     "wss://" + host + ":" + port + webSocketPath,
		Clear:         s.url,
		Host:          host, PublicKey: publicKeyHash(t, &own),
	}
	var r struct {
		Error  string                 `json:"error"`
		Rounds map[string]secureRound `json:"rounds"`
	}
	runClient(t, "reach_tls_browser.mjs", o, &r)
	if r.Error != "" {
		t.Fatalf("the client says: %s", r.Error)
	}
	for _, scheme := range []string{"https:", "wss:"} {
		got := r.Rounds[scheme]
		if !strings.HasPrefix(got.JID, aliceJID+"/") || !strings.HasPrefix(got.Mechanism, "SCRAM-") || !got.Roster || !got.Intact {
			t.Errorf("over %s %+v", scheme, got)
		}
	}
	https := r.Rounds["https:"]
	if https.Protocol != "TLS 1.3" {
		t.Errorf("Chromium says that HTTPS is over %q, want TLS 1.3", https.Protocol)
	}
	if https.Secure != "true" {
		t.Errorf("the first answer over HTTPS has secure=%q, want true", https.Secure)
	}
	if https.Clear != "closed" {
		t.Errorf("a request in clear for the session was answered with %q, want the connection closed", https.Clear)
	}
	s.waitLine(t, refusedInClear)
}

// publicKeyHash is what Chromium calls a certificate's key: SHA-256 of its SubjectPublicKeyInfo, in base64.
func publicKeyHash(t *testing.T, c *certificates) string {
	t.Helper()
	leaf, err := x509.ParseCertificate(c.pair.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}
