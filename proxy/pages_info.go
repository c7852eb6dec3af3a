package proxy

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"

	"go-xmpp-bosh/httpparse"
)

// The operators' page takes one user, as node-xmpp-bosh had it.
const (
	infoUser  = "admin"
	infoRealm = `Basic realm="bosh-server, user admin", charset="UTF-8"` // RFC 7617
)

// serveInfo answers a request for the operators' page. It has no CORS fields: no other page is to read it with its reader's password.
func (c *client) serveInfo(i int, r *httpparse.Request) {
	s := c.srv
	none := heads{extra: s.cfg.HTTPHeaders}
	respond := func(status int, text string, more ...string) {
		c.respond(i, none.render(status, textContentType, append(more, "Cache-Control", "no-store")...), []byte(text))
	}
	given, _ := r.Header("Authorization")
	switch {
	case s.cfg.SystemInfoPassword == "":
		respond(httpparse.StatusForbidden, "The system information page is off: no system_info_password is set.\n")
	case !isInfoUser(string(given), s.cfg.SystemInfoPassword):
		if len(given) > 0 {
			s.complain.warn(s.log, s.now(), "somebody has asked for the system information page with a wrong password")
		}
		respond(httpparse.StatusUnauthorized, "User admin, and the system_info_password.\n", "WWW-Authenticate", infoRealm)
	default:
		c.respond(i, none.render(httpparse.StatusOK, htmlContentType, pageFields...), s.infoPage())
	}
}

// isInfoUser checks the credentials (RFC 7617 §2) in a time that tells nothing of the password, its length included.
func isInfoUser(authorization, password string) bool {
	scheme, coded, _ := strings.Cut(authorization, " ")
	text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(coded))
	given := sha256.Sum256(text)
	want := sha256.Sum256([]byte(infoUser + ":" + password))
	same := subtle.ConstantTimeCompare(given[:], want[:]) == 1
	return same && err == nil && strings.EqualFold(scheme, "Basic")
}

func (s *Server) infoPage() []byte {
	if p := &s.pages; p.info == nil || s.now() >= p.infoUntil {
		s.look()
		p.info, p.infoUntil = render(s.inform(s.everywhere(true))), s.now()+infoKept
	}
	return s.pages.info
}
