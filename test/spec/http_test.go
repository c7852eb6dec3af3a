package spec

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// XEP-0124 §5 (HTTP) and §6 (the <body/>).
var httpRows = []row{
	{name: "B1 requests and answers follow HTTP", where: "M §5", test: func(t *testing.T) {
		s := serve(t)
		for _, c := range []struct {
			request string
			status  int
			closes  bool
		}{
			{postText(create(polling)), 200, false},
			{"OPTIONS /http-bind/ HTTP/1.1\r\nHost: x\r\n\r\n", 200, false},
			{"GET /http-bind/ HTTP/1.1\r\nHost: x\r\n\r\n", 200, false},
			{"GET http://x/http-bind/ HTTP/1.1\r\nHost: x\r\n\r\n", 200, false},
			{"PUT /http-bind/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405, false},
			{"POST /elsewhere HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 404, false},
			{"GET / HTTP/1.1\r\n\r\n", 400, true},
			{"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, true},
			{"NONSENSE\r\n\r\n", 400, true},
		} {
			on := s.dial()
			on.raw(c.request)
			r, _ := on.response()
			if r.StatusCode != c.status || r.Close != c.closes || r.Header.Get("Date") == "" || r.Proto != "HTTP/1.1" {
				t.Errorf("%q: %s %s, close %v, Date %q", c.request, r.Proto, r.Status, r.Close, r.Header.Get("Date"))
			}
			if c.closes {
				on.closed()
			}
		}
		on := s.dial() // RFC 2616 §9.4, §14.10: HEAD has no body, and close means close
		on.raw("HEAD /http-bind/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		head, err := http.ReadResponse(on.r, &http.Request{Method: http.MethodHead})
		if err != nil || head.StatusCode != 200 || !head.Close {
			t.Fatalf("HEAD: %v, %v", head, err)
		}
		on.closed()
	}},
	{name: "B2 header fields that the protocol doesn't define are ignored", where: "S §5", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.post(c.next("", message("1")), "X-Unknown: 1", "Cookie: a=b", "If-None-Match: *", "Range: bytes=0-1", "Cache-Control: no-cache",
			"Authorization: Basic AA==", "Origin: null", "User-Agent: x")
		c.backend.want("id='1'/>")
		c.backend.send("<message id='2'/>")
		c.a.answer().holds("id='2'")
	}},
	{name: "B3 header fields that nobody needs are left out", where: "O §5", test: func(t *testing.T) {
		on := serve(t).dial()
		on.post(create(polling))
		r, _ := on.response()
		for name := range r.Header {
			if !slices.Contains([]string{"Content-Type", "Content-Length", "Date", "Access-Control-Allow-Origin"}, name) {
				t.Errorf("%s: %s", name, r.Header.Get(name))
			}
		}
	}},
	{name: "B4 POST by HTTP 1.0 and 1.1, over any connections in any order", where: "c §5", test: func(t *testing.T) {
		c := joined(t, usual)
		for i, version := range []string{"1.0", "1.1", "1.0"} {
			request := c.next("", message(fmt.Sprint(i)))
			on := c.server.dial()
			on.raw(fmt.Sprintf("POST /http-bind/ HTTP/%s\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", version, len(request), request))
			c.backend.want(fmt.Sprintf("id='%d'/>", i))
			c.backend.send(fmt.Sprintf("<message id='back%d'/>", i))
			on.answer().holds(fmt.Sprintf("id='back%d'", i))
			if version == "1.0" {
				on.closed()
			}
		}
		// The second of two requests comes first, on the older connection.
		first, second := c.next("", message("first")), c.next("", message("second"))
		c.a.post(second)
		c.settled()
		c.b.post(first)
		inOrder(t, c.backend.want("id='second'/>"), "id='first'", "id='second'")
	}},
	{name: "B5 answers have a Content-Length and are not chunked", where: "SN §5", test: func(t *testing.T) {
		c := joined(t, usual)
		c.a.post(c.next("", ""))
		c.backend.send("<message><body>" + strings.Repeat("long ", 50_000) + "</body></message>")
		r, text := c.a.response()
		if r.ContentLength != int64(len(text)) || len(r.TransferEncoding) > 0 || len(text) < 250_000 {
			t.Fatalf("Content-Length %d of %d, %v", r.ContentLength, len(text), r.TransferEncoding)
		}
	}},
	{name: "B6 the Content-Type of a request doesn't matter", where: "S §5", test: func(t *testing.T) {
		c := joined(t, usual)
		for i, field := range []string{"Accept: */*", "Content-Type: application/x-www-form-urlencoded", "Content-Type: ", "Content-Type: a b;c"} {
			id := fmt.Sprintf("id='%d'/>", i)
			c.a.post(c.next("", message(fmt.Sprint(i))), field)
			c.backend.want(id)
			c.backend.send("<message " + id)
			c.a.answer().holds("<message")
		}
	}},
	{name: "B7 a request is one body in httpbind's namespace, and so is an answer", where: "M §6", test: func(t *testing.T) {
		refused(t,
			"<other rid='RID' sid='SID'"+namespaces+"/>",
			"<body rid='RID' sid='SID' xmlns='jabber:client'/>",
			"<x:body rid='RID' sid='SID' xmlns:x='urn:x'/>",
			"<body rid='RID' sid='SID'"+namespaces+"/><body rid='RID' sid='SID'"+namespaces+"/>",
			"<body rid='RID' to='example.org'/>",
		)
	}},
	{name: "B8 a body is well-formed XML, namespaces included", where: "M/S §6", test: func(t *testing.T) {
		refused(t,
			"",
			"no XML",
			inBody("<a></b>"),
			inBody("<a b='1' b='2'/>"),
			inBody("<a b=1/>"),
			inBody("<a b='<'/>"),
			inBody("<a>]]></a>"),
			inBody("<a>\x01</a>"),
			inBody("<a>\xc3\x28</a>"),
			inBody("<p:a/>"),
			inBody("<a xmlns:p=''/>"),
			inBody("<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='1' q:b='2'/>"),
			"<body rid='RID' rid='RID' sid='SID'"+namespaces+"/>",
		)
	}},
	{name: "B9 no partial elements, comments, instructions, DTDs, entities", where: "N §6", test: func(t *testing.T) {
		refused(t,
			"<body rid='RID' sid='SID'"+namespaces+">",
			inBody("<message xmlns='jabber:client'>"),
			inBody("</message>"),
			inBody("<!-- -->"),
			inBody("<a><!-- --></a>"),
			inBody("<?php ?>"),
			inBody("<a>&nbsp;</a>"),
			inBody("<a b='&nbsp;'/>"),
			"<!DOCTYPE body><body rid='RID' sid='SID'"+namespaces+"/>",
			"<!DOCTYPE body [<!ENTITY x 'y'>]><body rid='RID' sid='SID'"+namespaces+">&x;</body>",
		)
		c := joined(t, usual) // the predefined five, and character references, pass
		const five = "<body>&lt;&gt;&amp;&apos;&quot;&#13;&#x263a;</body></message>"
		c.a.post(c.next("", "<message xmlns='jabber:client'>"+five))
		c.backend.want(five)
		c.backend.send("<message>" + five)
		c.a.answer().holds(five)
		// What a server must not send doesn't reach the client either (RFC 6120 §11.1).
		c.a.post(c.next("", ""))
		c.backend.send("<message id='before'/><!-- --><message id='after'/>")
		last := c.a.answer()
		last.holds("id='before'").ends("remote-connection-failed")
		if strings.Contains(last.text, "after") {
			t.Fatalf("%q", last.text)
		}
	}},
	{name: "B10 no character data between the elements of a body", where: "N §6", test: func(t *testing.T) {
		refused(t, inBody("text"), inBody("<a/>text"), inBody("&#65;"), inBody("<![CDATA[text]]>"))
		c := joined(t, usual)
		c.a.post(c.next("", "\n "+message("1")+"\t\r\n "+message("2")+"\n"))
		c.backend.want("id='2'/>") // white space is none
		c.backend.send("<message id='3'/>\n  <message id='4'/>\n")
		c.a.answer().holds("id='3'") // read checks what is between
	}},
	{name: "B11 any number of complete elements of any namespaces, in their order", where: "M §6", test: func(t *testing.T) {
		c := joined(t, usual)
		const mixed = "<presence xmlns='jabber:client'/><x xmlns='urn:x'><y xmlns=''/></x><q:z xmlns:q='urn:q' q:a='1'/><iq xmlns='jabber:client' type='get' id='i'/>"
		c.a.post(c.next("", mixed))
		inOrder(t, c.backend.want("id='i'/>"), "<presence", "<x xmlns='urn:x'><y xmlns=''/></x>", "<q:z xmlns:q='urn:q' q:a='1'/>", "<iq")
		c.backend.send(mixed)
		got := c.a.answer()
		if want := "{jabber:client}presence {urn:x}x {urn:q}z {jabber:client}iq"; got.names() != want {
			t.Fatalf("got %s, want %s", got.names(), want)
		}
	}},
	{name: "B12 a request without a valid rid is a bad-request", where: "c §6", test: func(t *testing.T) {
		s := serve(t)
		for _, rid := range []string{"", "rid=''", "rid='0'", "rid='-1'", "rid='1.5'", "rid='0x10'", "rid='1e3'", "rid=' 1'", "rid='9007199254740992'", "rid='18446744073709551617'"} {
			s.dial().ask("<body " + rid + " to='example.org' " + usual + namespaces + "/>").ends("bad-request")
		}
		for _, rid := range []string{"", "rid='x'", "rid='-1'", "rid='1001.0'"} { // inside a session it is the session's end (decisions.md 1)
			c := s.join(usual)
			c.a.ask("<body " + rid + " sid='" + c.sid + "'" + namespaces + "/>").ends("bad-request")
			c.backend.end()
		}
	}},
}

// inBody is a request with this content; refused fills in the names.
func inBody(content string) string {
	return "<body rid='RID' sid='SID'" + namespaces + ">" + content + "</body>"
}

// refused asserts that each document is a bad-request, and leaves the session that it names alone (decisions.md 10).
func refused(t *testing.T, documents ...string) {
	t.Helper()
	c := joined(t, usual)
	names := strings.NewReplacer("SID", c.sid, "RID", fmt.Sprint(c.rid+1))
	for _, d := range documents {
		got := c.b.ask(names.Replace(d))
		if got.attrs["type"] != "terminate" || got.attrs["condition"] != "bad-request" {
			t.Errorf("%q: %q, want bad-request", d, got.text)
		}
	}
	c.alive()
}
