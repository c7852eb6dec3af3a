package httpparse

// chunked is the length of a body whose length is told chunk by chunk.
const chunked = -1

// control holds the fields that say where the request ends and what becomes of its connection.
type control struct {
	host, length, coding    []byte
	hosts, lengths, codings int
	close, keepAlive        bool // options of Connection
	upgradeOption, upgrade  bool // Connection: upgrade; an Upgrade field
	expects, expectsOther   bool
}

// frame decides how long the body is (RFC 9112 §6.3) and sets what follows from the control fields. It returns the length of the
// body or chunked, and 200; or the status of what is wrong.
func (r *Request) frame(lim *Limits) (length, status int) {
	var c control
	c.collect(r.Fields)
	switch {
	case c.hosts > 1, c.hosts == 0 && r.Minor > 0, !isHost(c.host):
		return 0, StatusBadRequest // RFC 9112 §3.2
	case r.Host == nil:
		r.Host = c.host
	}
	r.KeepAlive = !c.close && (r.Minor > 0 || c.keepAlive) // RFC 9112 §9.3
	r.Upgrade = c.upgrade && c.upgradeOption && r.Minor > 0
	r.Expect100 = c.expects && r.Minor > 0
	if c.codings > 0 {
		// RFC 9112 §6.1: beside Content-Length, or from HTTP/1.0, it is how requests are smuggled past what
		// only understands the other.
		if c.lengths > 0 || r.Minor == 0 {
			return 0, StatusBadRequest
		}
		length, status = chunked, r.checkCodings(&c)
	} else {
		length, status = parseLength(&c, lim.bodyBytes())
	}
	if status == StatusOK && c.expectsOther && r.Minor > 0 {
		status = StatusExpectationFailed // RFC 9110 §10.1.1
	}
	return length, status
}

// collect finds the control fields. The length of a name excludes most others.
func (c *control) collect(fields []Field) {
	for i := range fields {
		name, value := fields[i].Name, fields[i].Value
		switch len(name) {
		case len("Host"):
			if isFold(name, "Host") {
				c.host = value
				c.hosts++
			}
		case len("Expect"):
			if isFold(name, "Expect") {
				is100 := isFold(value, "100-continue")
				c.expects = c.expects || is100
				c.expectsOther = c.expectsOther || !is100
			}
		case len("Upgrade"):
			c.upgrade = c.upgrade || isFold(name, "Upgrade")
		case len("Connection"):
			if isFold(name, "Connection") {
				c.collectOptions(value)
			}
		case len("Content-Length"):
			if isFold(name, "Content-Length") {
				c.length = value
				c.lengths++
			}
		case len("Transfer-Encoding"):
			if isFold(name, "Transfer-Encoding") {
				c.coding = value
				c.codings++
			}
		}
	}
}

// collectOptions reads a Connection field (RFC 9110 §7.6.1).
func (c *control) collectOptions(list []byte) {
	for len(list) > 0 {
		var option []byte
		option, list = cutMember(list)
		switch {
		case isFold(option, "close"):
			c.close = true
		case isFold(option, "keep-alive"):
			c.keepAlive = true
		case isFold(option, "upgrade"):
			c.upgradeOption = true
		}
	}
}

// checkCodings accepts one field that says "chunked" and nothing else. Where the last coding isn't chunked, or one stands
// behind it, nobody can say where the body ends: 400 (RFC 9112 §6.3). Where it is, the codings before it are not implemented: 501 (§6.1).
func (r *Request) checkCodings(c *control) (status int) {
	if c.codings == 1 && isFold(c.coding, "chunked") {
		return StatusOK
	}
	isLast, seen := false, 0
	for i := range r.Fields {
		if !isFold(r.Fields[i].Name, "Transfer-Encoding") {
			continue
		}
		for list := r.Fields[i].Value; len(list) > 0; {
			var coding []byte
			coding, list = cutMember(list)
			if isLast = isFold(coding, "chunked"); isLast {
				seen++
			}
		}
	}
	if isLast && seen == 1 {
		return StatusNotImplemented
	}
	return StatusBadRequest
}

// parseLength reads Content-Length. No sign, no list, no second field, be it equal: 400 (RFC 9112 §6.3 would allow the last two when all
// members are the same).
func parseLength(c *control, limit int) (length, status int) {
	if c.lengths == 0 {
		return 0, StatusOK // a request without either field has no body (RFC 9112 §6.3)
	}
	if c.lengths > 1 || len(c.length) == 0 {
		return 0, StatusBadRequest
	}
	for _, d := range c.length {
		if !isDigit(d) {
			return 0, StatusBadRequest
		}
		length = min(length*10+int(d-'0'), limitMax+1)
	}
	if length > limit {
		return 0, StatusContentTooLarge
	}
	return length, StatusOK
}
