package httpparse

// readHead looks for the end of the head and reads it into r. It returns 0 if the head is incomplete.
func (p *Parser) readHead(lim *Limits, b []byte, r *Request) (status int) {
	r.reset()
	window := b[:min(len(b), lim.headBytes())]
	isFull := len(b) >= lim.headBytes() // nothing more can come
	start, status := skipEmptyLines(window)
	if status != StatusOK {
		if status == 0 && isFull {
			status = StatusRequestHeaderFieldsTooLarge
		}
		return status
	}
	p.state = stateHead
	if p.next == 0 {
		if status = checkMethod(window[start:]); status != StatusOK {
			return status
		}
	}
	if p.seen > 0 && !isFull {
		if int(p.seen) > len(window) {
			return 0 // b was cut: not as agreed, but nothing to stumble over
		}
		if !hasLineEnd(window[p.seen:]) {
			p.seen = int32(len(window))
			return 0
		}
	}
	isFirst, from := p.next == 0, int(p.next)
	if isFirst {
		from = start
	}
	end, status := readLines(window, from, isFirst, lim, r)
	if status == 0 && !isFull {
		p.seen = int32(len(window))
		if end > start {
			p.next = int32(end)
		}
		return 0
	}
	if !isFirst {
		// Everything is there that decides: read it from the start, as if it had come at once.
		r.reset()
		end, status = readLines(window, start, true, lim, r)
	}
	switch {
	case status == StatusOK:
		p.head = int32(end)
		r.HeadBytes = end
	case status == 0 && end == start:
		return StatusURITooLong // RFC 9112 §3
	case status == 0:
		return StatusRequestHeaderFieldsTooLarge
	}
	return status
}

// skipEmptyLines finds the start of the request line: old clients send an empty line after a body (RFC 9112 §2.2).
func skipEmptyLines(b []byte) (start, status int) {
	for range emptyLinesMax + 1 {
		switch {
		case start == len(b):
			return start, 0
		case b[start] != '\r':
			return start, StatusOK
		case start+1 == len(b):
			return start, 0
		case b[start+1] != '\n':
			return start, StatusBadRequest
		}
		start += 2
	}
	return start, StatusBadRequest
}

// checkMethod judges what is there of the method: what isn't HTTP at all is refused as it comes. b is not empty.
func checkMethod(b []byte) (status int) {
	n := skip(b[:min(len(b), methodBytesMax+1)], 0, charToken)
	switch {
	case n > methodBytesMax:
		return StatusNotImplemented // RFC 9112 §3
	case n < len(b) && (n == 0 || b[n] != ' '):
		return StatusBadRequest
	}
	return StatusOK
}

// readLines reads the lines of a head from b[i:], the request line first if isFirst. It returns 0 and the start of the line in which b
// ends; 200 and the end of the head; or the first fault.
func readLines(b []byte, i int, isFirst bool, lim *Limits, r *Request) (end, status int) {
	if isFirst {
		if end, status = readRequestLine(b, i, r); status != StatusOK {
			return i, unlessCut(b[i:], status)
		}
		i = end
	}
	for {
		if end, status = readField(b, i, r); status != StatusOK {
			return i, unlessCut(b[i:], status)
		}
		if end == i+2 {
			return end, StatusOK // the empty line
		}
		if len(r.Fields) > lim.Fields {
			return i, StatusRequestHeaderFieldsTooLarge
		}
		i = end
	}
}

// unlessCut is the status, or 0 when the faulty line is incomplete: a line is judged as a whole, so that the same bytes get the
// same answer in whatever pieces they come.
func unlessCut(line []byte, status int) int {
	if hasLineEnd(line) {
		return status
	}
	return 0
}

// readRequestLine reads "method SP target SP version CRLF" (RFC 9112 §3), and nothing more lenient. The method has been checked.
func readRequestLine(b []byte, i int, r *Request) (end, status int) {
	const version, lineEnd = len("HTTP/1.1"), 2
	m := skip(b, i, charToken)
	if m == len(b) || b[m] != ' ' {
		return 0, StatusBadRequest
	}
	t := skip(b, m+1, charTarget)
	r.MethodText, r.Target = b[i:m], b[m+1:t]
	r.Method = methodOf(r.MethodText)
	if t+1+version+lineEnd > len(b) || b[t] != ' ' {
		return 0, StatusBadRequest
	}
	v := b[t+1 : t+1+version+lineEnd]
	if string(v[:5]) != "HTTP/" || !isDigit(v[5]) || v[6] != '.' || !isDigit(v[7]) || string(v[8:]) != "\r\n" {
		return 0, StatusBadRequest
	}
	if v[5] != '1' {
		return 0, StatusVersionNotSupported
	}
	if v[7] == '0' {
		r.Minor = 0
	}
	return t + 1 + version + lineEnd, r.readTarget()
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// readField reads one "name: value" line into r (RFC 9112 §5); or the empty line, which is two bytes long. A folded line starts with white space,
// which is no name (§5.2); white space before the colon is none either (§5.1).
func readField(b []byte, i int, r *Request) (end, status int) {
	name := skip(b, i, charToken)
	text := name
	switch {
	case name == len(b):
		return 0, StatusBadRequest // cut
	case b[name] == ':' && name > i:
		text = skipText(b, name+1)
	case b[name] == '\r' && name == i: // the empty line
	default:
		return 0, StatusBadRequest
	}
	end = text + 2
	switch {
	case end > len(b), b[text] != '\r', b[text+1] != '\n':
		return 0, StatusBadRequest // NUL, a bare CR or LF, another control character (RFC 9110 §5.5, RFC 9112 §2.2)
	case name > i:
		r.Fields = append(r.Fields, Field{b[i:name], trimSpace(b[name+1 : text])})
	}
	return end, StatusOK
}
