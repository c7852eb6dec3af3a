package httpparse

// Method is a request method. Methods are case-sensitive (RFC 9110 §9.1).
type Method uint8

// The methods of RFC 9110 and RFC 5789. CONNECT is not among them: Parse refuses it.
const (
	Other Method = iota // none of these, or not known yet
	GET
	HEAD
	POST
	PUT
	DELETE
	OPTIONS
	TRACE
	PATCH
)

// String is the method as it is sent; Request.MethodText has the text of an Other.
func (m Method) String() string {
	switch m {
	case Other:
		return "other"
	case GET:
		return "GET"
	case HEAD:
		return "HEAD"
	case POST:
		return "POST"
	case PUT:
		return "PUT"
	case DELETE:
		return "DELETE"
	case OPTIONS:
		return "OPTIONS"
	case TRACE:
		return "TRACE"
	case PATCH:
		return "PATCH"
	}
	return "invalid"
}

func methodOf(b []byte) Method {
	switch string(b) {
	case "GET":
		return GET
	case "HEAD":
		return HEAD
	case "POST":
		return POST
	case "PUT":
		return PUT
	case "DELETE":
		return DELETE
	case "OPTIONS":
		return OPTIONS
	case "TRACE":
		return TRACE
	case "PATCH":
		return PATCH
	}
	return Other
}
