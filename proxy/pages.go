package proxy

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the pages
	"encoding/base64"
	"encoding/xml"
	"net/url"
	"strconv"
	"strings"

	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/timer"
)

var (
	//go:embed pages/style.css
	pageStyle string
	//go:embed pages/page.html
	pageText string
	//go:embed pages/favicon.ico
	favicon []byte
)

// pageFields let a page use its own style, its icon, and nothing else.
var pageFields = []string{
	"Cache-Control", "no-store",
	"X-Content-Type-Options", "nosniff",
	"Referrer-Policy", "no-referrer",
	"Content-Security-Policy", "default-src 'none'; style-src 'sha256-" + styleHash() + "'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

func styleHash() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return base64.StdEncoding.EncodeToString(sum[:])
}

const htmlContentType = "text/html; charset=utf-8"

// pages are what has been made for people and not grown old.
type pages struct {
	statistics []byte
	until      timer.Time // of statistics
	info       []byte
	infoUntil  timer.Time
}

// How long a page is good for, in milliseconds: who asks more often gets the same again, and costs nothing.
const (
	pageKept = 1 * timer.Second
	infoKept = 3 * timer.Second
)

// servePage answers what is there beside BOSH and WebSocket, and reports whether it did.
func (c *client) servePage(i int, r *httpparse.Request, path []byte) bool {
	if r.Method != httpparse.GET && r.Method != httpparse.HEAD {
		return false
	}
	if c.serveFile(i, r, path) {
		return true
	}
	s := c.srv
	switch string(path) {
	case "/favicon.ico":
		c.respond(i, s.headsFor(&c.queue[i]).render(httpparse.StatusOK, "image/x-icon", "Cache-Control", "max-age=86400", "X-Content-Type-Options", "nosniff"), favicon)
		return true
	case "/crossdomain.xml":
		c.respond(i, s.headsFor(&c.queue[i]).render(httpparse.StatusOK, "text/x-cross-domain-policy; charset=utf-8", "X-Content-Type-Options", "nosniff"), s.crossDomain())
		return true
	case pathXRD:
		c.respondDiscovery(i, r, false)
		return true
	case pathJRD:
		c.respondDiscovery(i, r, true)
		return true
	}
	if s.routes.isInfo(path) {
		c.serveInfo(i, r)
		return true
	}
	return false
}

// isInfo is isBosh for the operators' page: sysinfo/ below the BOSH path.
func (r *routes) isInfo(path []byte) bool {
	before, ok := bytes.CutSuffix(bytes.TrimRight(path, "/"), []byte("/sysinfo"))
	return ok && bytes.HasSuffix(before, r.bosh)
}

// crossDomain is the policy that Flash players ask for, with the origins that --allow-origin has.
func (s *Server) crossDomain() []byte {
	port := strconv.Itoa(int(s.Addrs()[0].Port()))
	b := []byte(xml.Header + `<!DOCTYPE cross-domain-policy SYSTEM "http://www.adobe.com/xml/dtds/cross-domain-policy.dtd">` + "\n<cross-domain-policy>\n")
	allow := func(domain string, secure bool) {
		b = append(b, `<allow-access-from domain="`...)
		var text bytes.Buffer
		_ = xml.EscapeText(&text, []byte(domain))
		b = append(b, text.Bytes()...)
		b = append(b, `" to-ports="`+port+`" secure="`+strconv.FormatBool(secure)+"\"/>\n"...)
	}
	if s.origins.any {
		allow("*", true)
	}
	for _, name := range s.origins.names {
		if u, err := url.Parse(name); err == nil && u.Hostname() != "" {
			allow(u.Hostname(), strings.EqualFold(u.Scheme, "https"))
		}
	}
	return append(b, "</cross-domain-policy>\n"...)
}

// statisticsPage is the page at the BOSH path.
func (s *Server) statisticsPage() []byte {
	if p := &s.pages; p.statistics == nil || s.now() >= p.until {
		s.look()
		p.statistics, p.until = render(s.view(s.everywhere(false))), s.now()+pageKept
	}
	return s.pages.statistics
}
