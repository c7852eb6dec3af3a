package bosh

// Condition is a terminal binding condition (XEP-0124 §17.2). The zero value means a session or stream that ended as it should.
type Condition uint8

// The conditions of XEP-0124 §17.2, and none.
const (
	CondNone Condition = iota
	CondBadRequest
	CondHostGone
	CondHostUnknown
	CondImproperAddressing
	CondInternalServerError
	CondItemNotFound
	CondOtherRequest
	CondPolicyViolation
	CondRemoteConnectionFailed
	CondRemoteStreamError
	CondSeeOtherURI
	CondSystemShutdown
	CondUndefinedCondition
)

const conditions = int(CondUndefinedCondition) + 1

var conditionNames = [conditions]string{
	CondNone:                   "none",
	CondBadRequest:             "bad-request",
	CondHostGone:               "host-gone",
	CondHostUnknown:            "host-unknown",
	CondImproperAddressing:     "improper-addressing",
	CondInternalServerError:    "internal-server-error",
	CondItemNotFound:           "item-not-found",
	CondOtherRequest:           "other-request",
	CondPolicyViolation:        "policy-violation",
	CondRemoteConnectionFailed: "remote-connection-failed",
	CondRemoteStreamError:      "remote-stream-error",
	CondSeeOtherURI:            "see-other-uri",
	CondSystemShutdown:         "system-shutdown",
	CondUndefinedCondition:     "undefined-condition",
}

// String is the condition's name on the wire; "none" never is.
func (c Condition) String() string {
	if int(c) < conditions {
		return conditionNames[c]
	}
	return "invalid"
}

// The HTTP statuses of answers.
const (
	statusOK         = 200
	statusBadRequest = 400
	statusForbidden  = 403
	statusNotFound   = 404
)

// legacyStatus is what stands in for the condition towards a client that gave no ver (XEP-0124 §17.1).
func (c Condition) legacyStatus() int {
	switch c {
	case CondBadRequest:
		return statusBadRequest
	case CondPolicyViolation:
		return statusForbidden
	case CondItemNotFound:
		return statusNotFound
	case CondNone, CondHostGone, CondHostUnknown, CondImproperAddressing, CondInternalServerError, CondOtherRequest,
		CondRemoteConnectionFailed, CondRemoteStreamError, CondSeeOtherURI, CondSystemShutdown, CondUndefinedCondition:
	}
	return statusOK
}
