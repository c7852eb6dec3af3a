package httpparse

import "bytes"

// readChunked goes on through a chunked body (RFC 9112 §7.1) from where it stopped. When the last line is there it joins
// the chunks in place.
func (p *Parser) readChunked(lim *Limits, b []byte, r *Request) (n, status int) {
	for {
		switch p.state {
		case stateChunkSize:
			status = p.readChunkSize(lim, b)
		case stateChunk:
			status = p.readChunkEnd(b)
		case stateTrailers:
			status = p.readTrailers(lim, b, r)
			if status != StatusOK {
				return 0, status
			}
			p.fill(lim, b, r)
			r.Body = joinChunks(b, int(p.head), int(p.body))
			return int(p.next), StatusOK
		case stateIdle, stateHead, stateLength, stateRefused:
			return 0, StatusBadRequest // not called in these
		}
		if status != StatusOK {
			return 0, status
		}
	}
}

// line finds the LF of the line that starts at p.next and may be limit bytes long with its line end. 0: there is none, because the line is
// incomplete or, if over, too long.
func (p *Parser) line(b []byte, limit int) (lf int, over bool) {
	last := min(len(b), int(p.next)+limit)
	if int(p.seen) < last {
		if i := bytes.IndexByte(b[p.seen:last], '\n'); i >= 0 {
			return int(p.seen) + i, false
		}
		p.seen = int32(last)
	}
	return 0, len(b) >= int(p.next)+limit
}

// readChunkSize reads the line before a chunk's data.
func (p *Parser) readChunkSize(lim *Limits, b []byte) (status int) {
	lf, over := p.line(b, chunkLineMax)
	if lf == 0 {
		if over {
			return StatusBadRequest
		}
		return 0
	}
	size, extension, ok := parseChunkLine(b[p.next : lf+1])
	if !ok {
		return StatusBadRequest
	}
	if p.extra += int32(extension); p.extra > extensionBytesMax {
		return StatusBadRequest
	}
	data := lf + 1
	if int(p.body)+size > lim.bodyBytes() || data+size-int(p.head) > lim.wireBytes() {
		return StatusContentTooLarge
	}
	p.body += int32(size)
	p.next = int32(data + size)
	p.seen = p.next
	p.state = stateChunk
	if size == 0 {
		p.state, p.extra = stateTrailers, p.next
	}
	return StatusOK
}

// chunkDigitsMax bounds the leading zeros.
const chunkDigitsMax = 16

// parseChunkLine reads "size [; extensions] CRLF": hexadecimal digits, then the line end or a semicolon. Extensions are skipped, whatever they say but for
// control characters: a line end there that others don't see is a way to smuggle.
// Deviates from RFC 9112 §7.1.1: white space before the semicolon is refused, because others read the size differently then, and nobody sends it.
func parseChunkLine(line []byte) (size, extension int, ok bool) {
	digits := 0
	for digits < len(line) {
		d := hexDigit(line[digits])
		if d < 0 {
			break
		}
		size = min(size<<4|d, limitMax+1)
		digits++
	}
	if digits == 0 || digits > chunkDigitsMax {
		return 0, 0, false
	}
	rest := line[digits:]
	if rest[0] == ';' {
		extension = skipText(rest, 0)
	}
	return size, extension, string(rest[extension:]) == "\r\n"
}

// hexDigit is the value of a hexadecimal digit, -1 if it is none.
func hexDigit(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// readChunkEnd waits for the data and reads the line end behind it.
func (p *Parser) readChunkEnd(b []byte) (status int) {
	end := int(p.next) + 2
	if len(b) < end {
		return 0
	}
	if string(b[p.next:end]) != "\r\n" {
		return StatusBadRequest
	}
	p.next = int32(end)
	p.seen = p.next
	p.state = stateChunkSize
	return StatusOK
}

// readTrailers reads the lines after the last chunk. Their fields are checked and dropped: none may change what the head
// said (RFC 9110 §6.5.1). On 200 p.next is the end of the request.
func (p *Parser) readTrailers(lim *Limits, b []byte, r *Request) (status int) {
	for {
		lf, over := p.line(b, int(p.extra)+lim.headBytes()-int(p.next))
		if lf == 0 {
			if over {
				return StatusRequestHeaderFieldsTooLarge
			}
			return 0
		}
		r.Fields = r.Fields[:0] // scratch
		end, status := readField(b[:lf+1], int(p.next), r)
		if status != StatusOK {
			return StatusBadRequest
		}
		isLast := end == int(p.next)+2
		p.next = int32(end)
		p.seen = p.next
		if isLast {
			return StatusOK
		}
		if p.trailers++; int(p.trailers) > lim.Fields {
			return StatusRequestHeaderFieldsTooLarge
		}
	}
}

// joinChunks moves the chunks that start at b[i:], known to be well-formed, together behind the first, and returns the content.
func joinChunks(b []byte, i, length int) []byte {
	body := b[i:i:i]
	for end := 0; end < length; {
		data := i + bytes.IndexByte(b[i:], '\n') + 1
		size, _, _ := parseChunkLine(b[i:data])
		if end == 0 {
			body = b[data : data+length : data+length]
		}
		copy(body[end:], b[data:data+size])
		end += size
		i = data + size + 2
	}
	return body
}
