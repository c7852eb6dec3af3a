package demo

import (
	"bytes"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// saslFailure is a condition that ends a SASL attempt (RFC 6120 §6.5).
type saslFailure string

func (e saslFailure) Error() string { return "SASL failure: " + string(e) }

const (
	errAborted      = saslFailure("aborted")
	errEncoding     = saslFailure("incorrect-encoding")
	errAuthzid      = saslFailure("invalid-authzid")
	errMechanism    = saslFailure("invalid-mechanism")
	errMalformed    = saslFailure("malformed-request")
	errUnauthorized = saslFailure("not-authorized")
)

// authenticate is SASL (RFC 6120 §6) until an attempt succeeds; it sets the user.
func (c *conn) authenticate() error {
	for range saslTriesMax {
		el, err := c.in.next()
		if err != nil {
			return err
		}
		if !el.is(nsSASL, "auth") {
			return streamError("not-authorized") // RFC 6120 §4.9.3.12
		}
		final, err := c.attempt(el)
		var failure saslFailure
		switch {
		case errors.As(err, &failure):
			c.send("<failure xmlns='" + nsSASL + "'><" + string(failure) + "/></failure>")
		case err != nil:
			return err
		default:
			c.send("<success xmlns='" + nsSASL + "'>" + base64.StdEncoding.EncodeToString(final) + "</success>")
			return nil
		}
	}
	return streamError("policy-violation") // RFC 6120 §6.4.5
}

// attempt runs one mechanism and gives the data that go with its success.
func (c *conn) attempt(auth *element) (final []byte, err error) {
	mechanism := auth.attr("mechanism")
	if !slices.Contains(c.s.mechanisms(), mechanism) {
		return nil, errMechanism
	}
	if mechanism == "ANONYMOUS" { // RFC 4505; its trace information, if any, is nobody's business
		c.user, c.anonymous = strings.ToLower(token()), true
		return nil, nil
	}
	var first []byte
	if auth.text() == "" { // RFC 6120 §6.4.2: none is not the same as an empty one, which is "="
		first, err = c.challenge(nil)
	} else {
		first, err = decodeSASL(auth.text())
	}
	if err != nil {
		return nil, err
	}
	if mechanism == "PLAIN" {
		c.user, err = c.s.plain(first)
		return nil, err
	}
	c.user, final, err = c.s.scram[mechanism].verify(first, c.s.cfg.Domain, c.challenge)
	return final, err
}

// challenge asks and waits for the answer.
func (c *conn) challenge(data []byte) ([]byte, error) {
	c.send("<challenge xmlns='" + nsSASL + "'>" + base64.StdEncoding.EncodeToString(data) + "</challenge>")
	el, err := c.in.next()
	switch {
	case err != nil:
		return nil, err
	case el.is(nsSASL, "abort"):
		return nil, errAborted
	case !el.is(nsSASL, "response"):
		return nil, errMalformed
	}
	return decodeSASL(el.text())
}

// decodeSASL decodes what an auth or response element holds (RFC 6120 §6.4.2).
func decodeSASL(text string) ([]byte, error) {
	if text == "=" {
		return nil, nil
	}
	b, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, errEncoding
	}
	return b, nil
}

// plain checks a PLAIN message (RFC 4616).
func (s *Server) plain(msg []byte) (user string, err error) {
	parts := bytes.Split(msg, []byte{0})
	if len(parts) != 3 || len(parts[1]) == 0 || len(parts[2]) == 0 {
		return "", errMalformed
	}
	if user, err = identity(string(parts[1]), string(parts[0]), s.cfg.Domain); err != nil {
		return "", err
	}
	if s.cfg.Password != "" && subtle.ConstantTimeCompare(parts[2], []byte(s.cfg.Password)) != 1 {
		return "", errUnauthorized
	}
	return user, nil
}

// identity is the user that a client logs in as: nobody can act for another one (RFC 6120 §6.3.8).
func identity(authcid, authzid, domain string) (user string, err error) {
	user = strings.ToLower(authcid)
	if !utf8.ValidString(authcid) || !isLocal(user) {
		return "", errUnauthorized
	}
	if authzid != "" {
		if j, ok := parseJID(authzid); !ok || j != (jid{local: user, domain: domain}) {
			return "", errAuthzid
		}
	}
	return user, nil
}
