package lookup

// Outcome is how a look-up ended.
type Outcome uint8

const (
	// Found: there are addresses, or hosts.
	Found Outcome = iota
	// NoName: the name does not exist (NXDOMAIN), nor anything below it.
	NoName
	// NoData: the name exists and has no such records.
	NoData
	// NoService: the domain's SRV records say that it does not offer the service (RFC 2782, target ".").
	NoService
	// Failed: the resolvers could not tell (SERVFAIL, REFUSED, aliases that lead nowhere), or there is none.
	Failed
	// TimedOut: no resolver answered in time.
	TimedOut
	// Busy: too many look-ups wait already.
	Busy
)

var outcomeNames = [...]string{
	Found: "found", NoName: "the name does not exist", NoData: "the name has no address",
	NoService: "the domain says that it has no such service", Failed: "the resolvers could not tell", TimedOut: "no resolver answered in time",
	Busy: "too many look-ups wait",
}

func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return "invalid"
}
