package httpparse

// CleanPath appends a request's path as routing wants it: percent-encoding decoded, dot segments resolved (RFC 3986 §5.2.4), and nothing else. An
// encoded slash stays encoded: it is data, not a separator (§2.2). False: a path that does not start with a slash, a broken
// encoding, or an encoded NUL; dst is returned as it was.
func CleanPath(dst, raw []byte) ([]byte, bool) { return dst, false }
