package httpparse

// Limits bound one request. They are shared by all parsers of a server and only read.
type Limits struct {
	HeadBytes int // request line and fields, with the line ends and empty lines before them; trailers have as much again. Over it: 414 or 431
	BodyBytes int // content, without chunk framing. Over it: 413
	Fields    int // field lines, and as many trailers. Over it: 431
}

// DefaultLimits are generous to browsers (RFC 9112 §3 asks for request lines of at least 8,000 bytes).
var DefaultLimits = Limits{HeadBytes: 16384, BodyBytes: 100_000, Fields: 100}

// limitMax caps what a limit in bytes can be set to, so that every offset fits in 31 bits.
const limitMax = 1 << 28

func (l *Limits) headBytes() int { return max(0, min(l.HeadBytes, limitMax)) }
func (l *Limits) bodyBytes() int { return max(0, min(l.BodyBytes, limitMax)) }

// chunkLineMax is the longest line with a chunk's size, extensions included, in bytes.
const chunkLineMax = 1024

// extensionBytesMax bounds the chunk extensions of one body together: nobody uses them, and they are read for nothing (RFC 9112 §7.1.1).
const extensionBytesMax = 1024

// wireBytes bounds a chunked body as it is sent. It is kept as sent until it is whole, and one-byte chunks are six times their content.
func (l *Limits) wireBytes() int { return 2*l.bodyBytes() + l.headBytes() }

// methodBytesMax is longer than any registered method. Over it: 501 (RFC 9112 §3).
const methodBytesMax = 32

// emptyLinesMax is how many empty lines may stand before a request (RFC 9112 §2.2: old clients send one after a body).
const emptyLinesMax = 4
