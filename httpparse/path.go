package httpparse

import "bytes"

// CleanPath appends a request's path as routing wants it: percent-encoding decoded, dot segments resolved (RFC 3986 §5.2.4), and nothing else. An
// encoded slash stays as it was sent: it is data, not a separator (§2.2). False: a path that does not start with a slash, a
// broken encoding, or an encoded NUL; dst is then returned as it was.
func CleanPath(dst, raw []byte) ([]byte, bool) {
	if len(raw) == 0 || raw[0] != '/' {
		return dst, false
	}
	if bytes.IndexByte(raw, '%') < 0 && !bytes.Contains(raw, []byte("/.")) {
		return append(dst, raw...), true
	}
	start, w := len(dst), dst
	for len(raw) > 0 {
		segment := raw[1:]
		if end := bytes.IndexByte(segment, '/'); end >= 0 {
			segment = segment[:end]
		}
		raw = raw[1+len(segment):]
		slash := len(w)
		w = append(w, '/')
		ok := false
		if w, ok = appendSegment(w, segment); !ok {
			return dst, false
		}
		switch string(w[slash+1:]) {
		case "..":
			slash = start + max(bytes.LastIndexByte(w[start:slash], '/'), 0)
			fallthrough
		case ".":
			w = w[:slash]
			if len(raw) == 0 {
				w = append(w, '/')
			}
		}
	}
	return w, true
}

// appendSegment appends what stands between two slashes, decoded.
func appendSegment(dst, raw []byte) ([]byte, bool) {
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c == '%' {
			if i+2 >= len(raw) {
				return dst, false
			}
			hi, lo := hexDigit(raw[i+1]), hexDigit(raw[i+2])
			if hi < 0 || lo < 0 || hi|lo == 0 {
				return dst, false
			}
			if d := byte(hi<<4 | lo); d != '/' {
				c = d
				i += 2
			}
		}
		dst = append(dst, c)
	}
	return dst, true
}
