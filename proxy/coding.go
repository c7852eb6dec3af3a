package proxy

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"

	"go-xmpp-bosh/httpparse"
)

// gzipBytesMin is from which size on a body is compressed: below it the saving is not worth the work.
const gzipBytesMin = 256

// packer compresses answers. One serves the whole loop: an answer is compressed at once, and nothing is kept.
type packer struct {
	w   *gzip.Writer
	out bytes.Buffer
}

// pack compresses b; the result is good until the next call.
func (p *packer) pack(b []byte) []byte {
	p.out.Reset()
	if p.w == nil {
		p.w, _ = gzip.NewWriterLevel(&p.out, gzip.BestSpeed) // which fails for no such level only
	} else {
		p.w.Reset(&p.out)
	}
	_, _ = p.w.Write(b) // a bytes.Buffer takes everything
	_ = p.w.Close()
	return p.out.Bytes()
}

// acceptsGzip reads Accept-Encoding (RFC 9110 §12.5.3): gzip, unless its weight is zero.
func acceptsGzip(r *httpparse.Request) bool {
	v, ok := r.Header("Accept-Encoding")
	if !ok {
		return false
	}
	for member := range bytes.SplitSeq(v, []byte(",")) {
		name, weight, weighted := bytes.Cut(member, []byte(";"))
		if !bytes.EqualFold(bytes.TrimSpace(name), []byte("gzip")) {
			continue
		}
		if !weighted {
			return true
		}
		weight = bytes.TrimSpace(weight)
		return len(weight) > 2 && weight[0]|0x20 == 'q' && weight[1] == '=' && len(bytes.Trim(weight[2:], "0.")) > 0
	}
	return false
}

// coding is how a request's body is encoded.
type coding uint8

const (
	codingNone coding = iota
	codingGzip
	codingDeflate
	codingUnknown
)

func (c coding) String() string {
	switch c {
	case codingNone:
		return "none"
	case codingGzip:
		return "gzip"
	case codingDeflate:
		return "deflate"
	case codingUnknown:
		return "unknown"
	}
	return "invalid"
}

// codingOf reads Content-Encoding. COMPAT: libpurple 2 sends its content type there, which is no coding and ignored.
func codingOf(r *httpparse.Request) coding {
	v, ok := r.Header("Content-Encoding")
	v = bytes.TrimSpace(v)
	switch {
	case !ok, len(v) == 0, bytes.IndexByte(v, '/') >= 0, bytes.EqualFold(v, []byte("identity")):
		return codingNone
	case bytes.EqualFold(v, []byte("gzip")), bytes.EqualFold(v, []byte("x-gzip")):
		return codingGzip
	case bytes.EqualFold(v, []byte("deflate")):
		return codingDeflate
	}
	return codingUnknown
}

// unpacker inflates requests. One serves the whole loop.
type unpacker struct {
	gzip *gzip.Reader
	zlib io.ReadCloser
	raw  io.ReadCloser
	in   bytes.Reader
	out  []byte
}

var errTooLarge = errors.New("the body is too large when inflated")

// unpack inflates b, to max bytes at the most: errTooLarge beyond them, another error for what is damaged or
// has something behind it. The result is good until the next call.
func (u *unpacker) unpack(c coding, b []byte, max int) ([]byte, error) {
	u.in.Reset(b)
	r, err := u.reader(c, b)
	if err != nil {
		return nil, err
	}
	u.out = u.out[:0]
	for {
		if len(u.out) == cap(u.out) {
			u.out = append(u.out, 0)[:len(u.out)]
		}
		n, err := r.Read(u.out[len(u.out):cap(u.out)])
		u.out = u.out[:len(u.out)+n]
		switch {
		case len(u.out) > max:
			return nil, errTooLarge
		case err == io.EOF:
			if u.in.Len() > 0 {
				return nil, errors.New("bytes follow the compressed body")
			}
			return u.out, nil
		case err != nil:
			return nil, err
		}
	}
}

// reader is the inflating side of a coding. "deflate" means zlib (RFC 9110 §8.4.1.2), but some clients send it raw.
func (u *unpacker) reader(c coding, b []byte) (io.Reader, error) {
	switch {
	case c == codingGzip && u.gzip == nil:
		r, err := gzip.NewReader(&u.in)
		u.gzip = r
		return r, err
	case c == codingGzip:
		return u.gzip, u.gzip.Reset(&u.in)
	case isZlib(b) && u.zlib == nil:
		r, err := zlib.NewReader(&u.in)
		u.zlib = r
		return r, err
	case isZlib(b):
		return u.zlib, u.zlib.(zlib.Resetter).Reset(&u.in, nil)
	case u.raw == nil:
		u.raw = flate.NewReader(&u.in)
		return u.raw, nil
	}
	return u.raw, u.raw.(flate.Resetter).Reset(&u.in, nil)
}

// isZlib recognises a zlib header (RFC 1950 §2.2): method 8, and a checksum over its two bytes.
func isZlib(b []byte) bool {
	return len(b) >= 2 && b[0]&15 == 8 && (int(b[0])<<8|int(b[1]))%31 == 0
}
