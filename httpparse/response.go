package httpparse

// Head is the head of an answer, rendered once, with holes for what changes: Date, Content-Length and Connection.
type Head struct {
	start  []byte
	fields []byte
}

// NewHead renders the head of an answer with that status and those fields, in their order. Date, Content-Length and, but for 101,
// Connection must not be among them: Append writes those. A control character in a value becomes a space, so no value can end its line;
// a name that is no token panics: names are the program's own.
func NewHead(status int, fields []Field) *Head { return nil }

// Append appends the head with its empty line. The date is as AppendDate writes it. A negative content length leaves the field out,
// as 1xx and 204 always do (RFC 9110 §8.6). keepAlive and minor are the request's: "Connection: close" announces the end (RFC 9112 §9.6),
// "Connection: keep-alive" tells a HTTP/1.0 client that there is none.
func (h *Head) Append(dst, date []byte, contentLength int, keepAlive bool, minor int) []byte { return dst }
