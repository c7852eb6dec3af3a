package proxy

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"net"
	"strings"

	"go-xmpp-bosh/httpparse"
	"go-xmpp-bosh/xmppconn"
)

// Where clients look for a domain's services (RFC 6415, XEP-0156 §2), and what they find.
const (
	pathXRD = "/.well-known/host-meta"
	pathJRD = "/.well-known/host-meta.json"

	relBOSH      = "urn:xmpp:alt-connections:xbosh"
	relWebSocket = "urn:xmpp:alt-connections:websocket"
)

// link is a service, in both formats.
type link struct {
	XMLName xml.Name `xml:"Link" json:"-"`
	Rel     string   `xml:"rel,attr" json:"rel"`
	Href    string   `xml:"href,attr" json:"href"`
}

// URLs are where clients of a domain, as xmppconn.ParseDomain gives it, are told to find BOSH and WebSocket.
func (o *Operate) URLs(domain string) (list []string) {
	for _, l := range o.links(domain) {
		list = append(list, l.Href)
	}
	return list
}

// links are the services of a domain; their order means nothing (XEP-0156 §2.2).
func (o *Operate) links(domain string) (found []link) {
	for _, p := range o.PublicURLs {
		if p.Domain != "" && p.Domain != domain {
			continue
		}
		rel := relBOSH
		if strings.HasPrefix(p.URL, "wss:") {
			rel = relWebSocket
		}
		found = append(found, link{Rel: rel, Href: p.URL})
	}
	return found
}

// discovery answers a request for one of the two documents. The domain is the Host's: clients ask https://DOMAIN/. nil: there is nothing to tell.
func (s *Server) discovery(host []byte, asJSON bool) (contentType string, body []byte) {
	name := string(host)
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	domain, _ := xmppconn.ParseDomain(name)
	found := s.cfg.links(domain)
	if len(found) == 0 {
		return "", nil
	}
	if asJSON {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		_ = e.Encode(struct { // which strings alone can't make fail
			Links []link `json:"links"`
		}{found})
		return "application/jrd+json; charset=utf-8", b.Bytes()
	}
	b, _ := xml.MarshalIndent(struct {
		XMLName xml.Name `xml:"http://docs.oasis-open.org/ns/xri/xrd-1.0 XRD"`
		Links   []link
	}{Links: found}, "", "  ")
	return "application/xrd+xml; charset=utf-8", append([]byte(xml.Header), append(b, '\n')...)
}

// respondDiscovery gives it to whoever asks, whatever page it is for: what is public anyway (XEP-0156 §3).
func (c *client) respondDiscovery(i int, r *httpparse.Request, asJSON bool) {
	contentType, body := c.srv.discovery(r.Host, asJSON)
	if body == nil {
		c.respondStatus(i, httpparse.StatusNotFound)
		return
	}
	h := heads{cors: []string{"Access-Control-Allow-Origin", "*"}, extra: c.srv.cfg.HTTPHeaders}
	c.respond(i, h.render(httpparse.StatusOK, contentType, "Cache-Control", "max-age=3600", "X-Content-Type-Options", "nosniff"), body)
}
