package demo

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"strings"
	"testing"
)

// scramClient computes what a client sends and expects, by the formulas of RFC 5802 §3.
func scramClient(t *testing.T, h func() hash.Hash, password, salt, authMessage string) (proof, verifier string) {
	t.Helper()
	mac := func(key []byte, s string) []byte {
		m := hmac.New(h, key)
		m.Write([]byte(s))
		return m.Sum(nil)
	}
	raw, err := base64.StdEncoding.DecodeString(salt)
	if err != nil {
		t.Fatal(err)
	}
	salted, err := pbkdf2.Key(h, password, raw, 4096, h().Size())
	if err != nil {
		t.Fatal(err)
	}
	clientKey := mac(salted, "Client Key")
	stored := h()
	stored.Write(clientKey)
	p := mac(stored.Sum(nil), authMessage)
	for i := range p {
		p[i] ^= clientKey[i]
	}
	return base64.StdEncoding.EncodeToString(p), base64.StdEncoding.EncodeToString(mac(mac(salted, "Server Key"), authMessage))
}

// The client of these tests is right itself: RFC 5802 §5 and RFC 7677 §3.
func TestScramClientVectors(t *testing.T) {
	for _, tt := range []struct {
		hash                                        func() hash.Hash
		nonce, serverNonce, salt, proof, wantVerify string
	}{
		{
			sha1.New, "fyko+d2lbbFgONRv9qkxdawL", "3rfcNHYJY1ZVvWVs7j", "QSXCR+Q6sek8bf92",
			"v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "rmF9pqV8S7suAoZWja4dJRkFsKQ=",
		},
		{
			sha256.New, "rOprNGfwEbeRWgbNEkqO", "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", "W22ZaJ0SNY7soEsUEjb6gQ==",
			"dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
		},
	} {
		r := "r=" + tt.nonce + tt.serverNonce
		msg := "n=user,r=" + tt.nonce + "," + r + ",s=" + tt.salt + ",i=4096,c=biws," + r
		if p, v := scramClient(t, tt.hash, "pencil", tt.salt, msg); p != tt.proof || v != tt.wantVerify {
			t.Errorf("proof %s, verifier %s", p, v)
		}
	}
}

// scramAttempt is one exchange with a server whose password is "pencil".
type scramAttempt struct {
	password, gs2, bare string
	c, nonce, ext       string // what the final message says for c= and r=, and more; "": what is right
	spoilProof          bool
	fails               string // "": succeeds
}

func (a scramAttempt) run(t *testing.T, s *Server, mechanism string, h func() hash.Hash) {
	t.Helper()
	c := dial(t, s)
	c.open()
	c.auth(mechanism, b64(a.gs2+a.bare))
	el := c.next()
	if !el.is(nsSASL, "challenge") {
		c.pend = append(c.pend, el)
		c.wantFailure(a.fails)
		return
	}
	challenge, err := base64.StdEncoding.DecodeString(el.text())
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(challenge), ",")
	nonce, salt := parts[0], strings.TrimPrefix(parts[1], "s=")
	if len(parts) != 3 || !strings.HasPrefix(nonce, "r=cnonce") || nonce == "r=cnonce" || parts[2] != "i=4096" {
		t.Fatalf("challenge %s", challenge)
	}
	final := "c=" + b64(a.gs2) + "," + nonce
	if a.c != "" {
		final = "c=" + b64(a.c) + "," + nonce
	}
	if a.nonce != "" {
		final = "c=" + b64(a.gs2) + ",r=" + a.nonce
	}
	final += a.ext
	proof, verifier := scramClient(t, h, a.password, salt, a.bare+","+string(challenge)+","+final)
	if a.spoilProof {
		proof = proof[:4]
	}
	c.send("<response xmlns='%s'>%s</response>", nsSASL, b64(final+",p="+proof))
	if a.fails != "" {
		c.wantFailure(a.fails)
		return
	}
	if v, _ := base64.StdEncoding.DecodeString(c.want(nsSASL, "success").text()); string(v) != "v="+verifier {
		t.Errorf("the server proves itself by %s, want %s", v, verifier)
	}
	c.bind("")
	if c.user != "alice" {
		t.Errorf("logged in as %s", c.user)
	}
}

func TestScram(t *testing.T) {
	const alice = "n=alice,r=cnonce"
	attempts := []scramAttempt{
		{password: "pencil", gs2: "n,,", bare: alice},
		{password: "pencil", gs2: "y,,", bare: alice},
		{password: "pencil", gs2: "n,a=alice@localhost,", bare: alice},
		{password: "pencil", gs2: "n,,", bare: alice + ",ext=1", ext: ",other=2"},
		{password: "pencils", gs2: "n,,", bare: alice, fails: "not-authorized"},
		{password: "", gs2: "n,,", bare: alice, fails: "not-authorized"},
		{password: "pencil", gs2: "n,a=bob@localhost,", bare: alice, fails: "invalid-authzid"},
		{password: "pencil", gs2: "n,alice@localhost,", bare: alice, fails: "malformed-request"},
		{password: "pencil", gs2: "n,a==,", bare: alice, fails: "malformed-request"},
		{password: "pencil", gs2: "p=tls-unique,,", bare: alice, fails: "not-authorized"},
		{password: "pencil", gs2: "q,,", bare: alice, fails: "malformed-request"},
		{password: "pencil", gs2: "n,,", bare: "m=x," + alice, fails: "malformed-request"},
		{password: "pencil", gs2: "n,,", bare: "r=cnonce,n=alice", fails: "malformed-request"},
		{password: "pencil", gs2: "n,,", bare: "n=alice,r=", fails: "malformed-request"},
		{password: "pencil", gs2: "n,,", bare: "n=alice", fails: "malformed-request"},
		{password: "pencil", gs2: "n,,", bare: "n=,r=cnonce", fails: "not-authorized"},
		{password: "pencil", gs2: "n,,", bare: "n=a=b,r=cnonce", fails: "malformed-request"},
		{password: "pencil", gs2: "n,,", bare: "n=a=3Db@,r=cnonce", fails: "not-authorized"},
		{password: "pencil", gs2: "n", bare: "", fails: "malformed-request"},
		{password: "pencil", gs2: "y,,", bare: alice, c: "n,,", fails: "not-authorized"},
		{password: "pencil", gs2: "n,,", bare: alice, nonce: "cnonce", fails: "not-authorized"},
		{password: "pencil", gs2: "n,,", bare: alice, spoilProof: true, fails: "not-authorized"},
	}
	s := start(t, Config{Password: "pencil"})
	for _, a := range attempts {
		a.run(t, s, "SCRAM-SHA-1", sha1.New)
		a.run(t, s, "SCRAM-SHA-256", sha256.New)
	}
}

func TestScramFinalMessageIsMalformed(t *testing.T) {
	s := start(t, Config{Password: "pencil"})
	for _, final := range []string{"", "x", "c=biws,r=x", "c=biws,p=eA==", "r=x,c=biws,p=eA==", "c=biws,r=x,p=*"} {
		c := dial(t, s)
		c.open()
		c.auth("SCRAM-SHA-256", "")
		c.want(nsSASL, "challenge")
		c.send("<response xmlns='%s'>%s</response>", nsSASL, b64("n,,n=alice,r=x"))
		c.want(nsSASL, "challenge")
		c.send("<response xmlns='%s'>%s</response>", nsSASL, b64(final))
		c.wantFailure("malformed-request")
	}
}

func TestScramName(t *testing.T) {
	for in, want := range map[string]string{"a=2Cb=3Dc": "a,b=c", "=3D2C": "=2C", "ä": "ä"} {
		if got, ok := saslName(in); got != want || !ok {
			t.Errorf("saslName(%q) = %q, %v", in, got, ok)
		}
	}
	for _, in := range []string{"=", "a=b", "=2c", "=3"} {
		if got, ok := saslName(in); ok {
			t.Errorf("saslName(%q) = %q", in, got)
		}
	}
}
