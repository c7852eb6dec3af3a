package bosh

import (
	"mime"
	"strings"
	"testing"
)

func TestContentType(t *testing.T) {
	for _, good := range []string{"text/html", "application/xml", "text/plain; charset=utf-8", `text/html ; charset="utf-8";a=b`, "a/b", "text/vnd.x+y;q=1"} {
		if got := contentTypeOf([]byte(good)); string(got) != good {
			t.Errorf("%q: %q", good, got)
		}
		if _, _, err := mime.ParseMediaType(good); err != nil {
			t.Errorf("%q is none, says net/mime: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "text", "text/", "/html", "text/html\r\nSet-Cookie: a=b", "text/html;", "text/html; charset", `text/html; charset="a`, "text/html, a/b",
		"text/html; a=\"\x7f\"", "text/héros", "text /html", `text/html; a="\""`, "text/html; charset=", strings.Repeat("a", 127) + "/b",
		"text/xml; charset=utf-8", "Text/XML; charset=UTF-8",
	} {
		if got := contentTypeOf([]byte(bad)); got != nil {
			t.Errorf("%q: %q, want the default", bad, got)
		}
	}
}
