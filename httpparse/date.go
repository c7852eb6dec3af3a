package httpparse

// DateSize is the length of a date in bytes.
const DateSize = 29

// AppendDate appends a moment, in seconds since 1970, as RFC 9110 §5.6.7 wants it: "Sun, 06 Nov 1994 08:49:37 GMT". Years are 0 to 9999.
func AppendDate(dst []byte, unixSeconds int64) []byte { return dst }
