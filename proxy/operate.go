package proxy

import (
	"errors"
	"net/url"
	"strings"

	"go-xmpp-bosh/xmppconn"
)

// Operate is the part of a Config about what people, and clients that look for a server, are told. The zero value is usable.
type Operate struct {
	// PublicURLs are where clients find BOSH and WebSocket from outside (XEP-0156); without any, nobody is told.
	PublicURLs []PublicURL

	// Settings are what the page for operators shows, without secrets; Version is the program's.
	Settings []Setting
	Version  string
}

// Setting is one of them.
type Setting struct{ Name, Value, Source string }

// PublicURL is where a service is found from outside.
type PublicURL struct {
	Domain string // whose; "" is every domain's
	URL    string // https://… is BOSH, wss://… is WebSocket
}

var (
	errPublicScheme = errors.New("want https://… for BOSH or wss://… for WebSocket: clients may follow nothing else (XEP-0156 §2.2)")
	errPublicURL    = errors.New("want a URL without user, query and fragment, perhaps with DOMAIN= before it")
	errPublicDomain = errors.New("want a domain before the equals sign")
)

// AddPublicURL takes [DOMAIN=]URL. A URL without a path is the server's own: its usual paths are put behind it, and https then stands for WebSocket, too. So Path
// and WebSocketPaths have to be set before.
func (o *Operate) AddPublicURL(text, boshPath string, socketPaths []string) error {
	var p PublicURL
	if before, after, ok := strings.Cut(text, "="); ok && !strings.Contains(before, "/") {
		domain, ok := xmppconn.ParseDomain(before)
		if !ok {
			return errPublicDomain
		}
		p.Domain, text = domain, after
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.Opaque != "":
		return errPublicURL
	case u.Scheme != "https" && u.Scheme != "wss":
		return errPublicScheme
	case u.Hostname() == "" || strings.ContainsAny(text, " \t\r\n\"'<>"):
		return errPublicURL
	}
	if u.Path != "" && u.Path != "/" {
		p.URL = text
		o.PublicURLs = append(o.PublicURLs, p)
		return nil
	}
	if u.Scheme == "https" {
		o.PublicURLs = append(o.PublicURLs, PublicURL{p.Domain, "https://" + u.Host + boshPath})
	}
	if len(socketPaths) > 0 {
		o.PublicURLs = append(o.PublicURLs, PublicURL{p.Domain, "wss://" + u.Host + socketPaths[0]})
	}
	return nil
}
