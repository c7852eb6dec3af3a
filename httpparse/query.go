package httpparse

// QueryArg appends the decoded value ("+" and percent-encoding) of the first query argument of that name.
func (r *Request) QueryArg(dst []byte, name string) ([]byte, bool) { return dst, false }
