package httpparse

import "github.com/valyala/fasthttp"

// Status codes that this package returns or that its callers answer with (RFC 9110 §15).
const (
	StatusSwitchingProtocols          = fasthttp.StatusSwitchingProtocols
	StatusOK                          = fasthttp.StatusOK
	StatusNoContent                   = fasthttp.StatusNoContent
	StatusNotModified                 = fasthttp.StatusNotModified
	StatusBadRequest                  = fasthttp.StatusBadRequest
	StatusUnauthorized                = fasthttp.StatusUnauthorized
	StatusForbidden                   = fasthttp.StatusForbidden
	StatusNotFound                    = fasthttp.StatusNotFound
	StatusMethodNotAllowed            = fasthttp.StatusMethodNotAllowed
	StatusRequestTimeout              = fasthttp.StatusRequestTimeout
	StatusContentTooLarge             = fasthttp.StatusRequestEntityTooLarge
	StatusUnsupportedMediaType        = fasthttp.StatusUnsupportedMediaType
	StatusURITooLong                  = fasthttp.StatusRequestURITooLong
	StatusExpectationFailed           = fasthttp.StatusExpectationFailed
	StatusUpgradeRequired             = fasthttp.StatusUpgradeRequired
	StatusRequestHeaderFieldsTooLarge = fasthttp.StatusRequestHeaderFieldsTooLarge
	StatusInternalServerError         = fasthttp.StatusInternalServerError
	StatusNotImplemented              = fasthttp.StatusNotImplemented
	StatusServiceUnavailable          = fasthttp.StatusServiceUnavailable
	StatusVersionNotSupported         = fasthttp.StatusHTTPVersionNotSupported
)

// StatusText is the reason phrase of a status code.
func StatusText(status int) string { return fasthttp.StatusMessage(status) }
