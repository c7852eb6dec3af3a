package httpparse

import (
	"bytes"

	"github.com/valyala/fasthttp"
)

// QueryArg appends the decoded value ("+" and percent-encoding, broken encodings as they are) of the first query argument of that name. False: there
// is none; dst is then returned as it was.
func (r *Request) QueryArg(dst []byte, name string) ([]byte, bool) {
	for query := r.Query; len(query) > 0; {
		var arg []byte
		arg, query, _ = bytes.Cut(query, []byte("&"))
		key, value, _ := bytes.Cut(arg, []byte("="))
		// The key is decoded where the value will stand: no scratch is needed.
		if decoded := fasthttp.AppendUnquotedArg(dst, key); string(decoded[len(dst):]) == name {
			return fasthttp.AppendUnquotedArg(dst, value), true
		}
	}
	return dst, false
}
