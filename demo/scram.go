package demo

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"hash"
	"strconv"
	"strings"
)

const scramIterations = 4096 // RFC 5802 §5.1, RFC 7677 §4: the least allowed; the password is a demo's

// scramKeys is what SCRAM (RFC 5802, RFC 7677) keeps of a password for one hash function. All users share the
// password, so they share salt and keys.
type scramKeys struct {
	hash              func() hash.Hash
	salt              []byte
	storedKey, server []byte
}

// newScram derives the keys of a password for each mechanism.
func newScram(password string) (map[string]*scramKeys, error) {
	keys := map[string]*scramKeys{}
	for mechanism, h := range map[string]func() hash.Hash{"SCRAM-SHA-1": sha1.New, "SCRAM-SHA-256": sha256.New} {
		k := &scramKeys{hash: h, salt: make([]byte, 16)}
		rand.Read(k.salt)
		salted, err := pbkdf2.Key(h, password, k.salt, scramIterations, h().Size())
		if err != nil {
			return nil, err
		}
		k.storedKey = k.digest(k.mac(salted, "Client Key"))
		k.server = k.mac(salted, "Server Key")
		keys[mechanism] = k
	}
	return keys, nil
}

func (k *scramKeys) mac(key []byte, s string) []byte {
	m := hmac.New(k.hash, key)
	m.Write([]byte(s))
	return m.Sum(nil)
}

func (k *scramKeys) digest(b []byte) []byte {
	h := k.hash()
	h.Write(b)
	return h.Sum(nil)
}

// verify runs the exchange from the client's first message on (RFC 5802 §5, §7).
func (k *scramKeys) verify(first []byte, domain string, challenge func([]byte) ([]byte, error)) (user string, final []byte, err error) {
	gs2, bare, user, nonce, err := parseFirst(string(first), domain)
	if err != nil {
		return "", nil, err
	}
	nonce += token()
	serverFirst := "r=" + nonce + ",s=" + base64.StdEncoding.EncodeToString(k.salt) + ",i=" + strconv.Itoa(scramIterations)
	response, err := challenge([]byte(serverFirst))
	if err != nil {
		return "", nil, err
	}

	// client-final-message: c=…,r=…[,extensions],p=…
	msg := string(response)
	i := strings.LastIndex(msg, ",p=")
	if i < 0 {
		return "", nil, errMalformed
	}
	withoutProof := msg[:i]
	proof, err := base64.StdEncoding.Strict().DecodeString(msg[i+len(",p="):])
	attrs := strings.Split(withoutProof, ",")
	if err != nil || len(attrs) < 2 || !strings.HasPrefix(attrs[0], "c=") || !strings.HasPrefix(attrs[1], "r=") {
		return "", nil, errMalformed
	}
	// The header is repeated under the proof, so that nobody in between can have changed it (RFC 5802 §6).
	if attrs[0] != "c="+base64.StdEncoding.EncodeToString([]byte(gs2)) || attrs[1] != "r="+nonce {
		return "", nil, errUnauthorized
	}
	authMessage := bare + "," + serverFirst + "," + withoutProof
	signature := k.mac(k.storedKey, authMessage)
	clientKey := make([]byte, len(proof)) // of the wrong length, it has the wrong digest too
	subtle.XORBytes(clientKey, proof, signature)
	if !hmac.Equal(k.digest(clientKey), k.storedKey) {
		return "", nil, errUnauthorized
	}
	return user, []byte("v=" + base64.StdEncoding.EncodeToString(k.mac(k.server, authMessage))), nil
}

// parseFirst takes the client-first-message apart: gs2-header, the rest, user name and nonce.
func parseFirst(msg, domain string) (gs2, bare, user, nonce string, err error) {
	flag, rest, ok1 := strings.Cut(msg, ",")
	authzid, bare, ok2 := strings.Cut(rest, ",")
	ok3 := true
	if authzid != "" {
		name, isName := strings.CutPrefix(authzid, "a=")
		authzid, ok3 = saslName(name)
		ok3 = ok3 && isName
	}
	attrs := strings.Split(bare, ",")
	switch {
	case !ok1 || !ok2 || !ok3:
		return "", "", "", "", errMalformed
	case strings.HasPrefix(flag, "p="): // RFC 5802 §6: channel binding, which was not offered
		return "", "", "", "", errUnauthorized
	case flag != "n" && flag != "y":
		return "", "", "", "", errMalformed
	case len(attrs) < 2 || !strings.HasPrefix(attrs[0], "n=") || len(attrs[1]) < 3 || !strings.HasPrefix(attrs[1], "r="):
		return "", "", "", "", errMalformed // m=, an extension that has to be understood, stands first: RFC 5802 §5.1
	}
	name, ok := saslName(attrs[0][2:])
	if !ok {
		return "", "", "", "", errMalformed
	}
	user, err = identity(name, authzid, domain)
	return msg[:len(msg)-len(bare)], bare, user, attrs[1][2:], err
}

var (
	saslNameDecoder = strings.NewReplacer("=2C", ",", "=3D", "=")
	saslNameEscapes = strings.NewReplacer("=2C", "", "=3D", "")
)

// saslName decodes a name (RFC 5802 §5.1) and says whether it was one.
func saslName(s string) (string, bool) {
	return saslNameDecoder.Replace(s), !strings.Contains(saslNameEscapes.Replace(s), "=")
}
