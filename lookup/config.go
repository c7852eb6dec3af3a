package lookup

import (
	"net/netip"

	"go-xmpp-bosh/timer"
)

// Config is what a Resolver is made with. Every zero value but Random's stands for the default. Times are in milliseconds.
type Config struct {
	// Servers are the recursive resolvers, in the order to ask them. With none, every look-up that needs one fails.
	Servers []netip.AddrPort

	// Hosts has the names whose addresses nobody is asked for.
	Hosts Hosts

	// Watch is told what each question came to, but for those that the cache answered; nil: nobody. It must not call in.
	Watch func(Answer)

	// Random gives unpredictable bits, for ids and for the choice by weight.
	Random func() uint64

	TryMax   timer.Time // 1.5 s: one try over UDP
	TCPMax   timer.Time // 3 s: one try over TCP
	QueryMax timer.Time // 5 s: all tries for one name and type

	// QueriesMax is how many queries may be in flight; each has two sockets at most. QueuedMax is how many more may wait.
	QueriesMax int // 128
	QueuedMax  int // 4096

	// CacheMax is how many answers are kept.
	CacheMax int // 4096
	// What is found is kept for its TTL within these bounds; what is not there, as long as its SOA says, up to NegativeMax.
	KeepMin     timer.Time // 1 s
	KeepMax     timer.Time // 1 h
	NegativeMax timer.Time // 5 min
}

// Limits that nobody has to choose.
const (
	aliasesMax      = 8    // CNAME records followed for one query
	recordsMax      = 32   // addresses, or SRV records, taken from one answer
	servicesMax     = 16   // hosts that Service gives
	missesMax       = 32   // wrong answers to one try, after which it goes to TCP
	triesMin        = 3    // of one query, when resolvers are silent
	triesMax        = 6    //
	serversMax      = 8    // resolvers that are used
	udpBytesMax     = 1232 // EDNS0: what passes every path in one piece
	resolutionDelay = 50   // RFC 8305 §8: how long IPv4 waits for IPv6
	failedKeep      = 1000 // RFC 9520 §3.2: a failure is remembered for at least a second
)

func (cfg Config) withDefaults() Config {
	set(&cfg.TryMax, 1500)
	set(&cfg.TCPMax, 3000)
	set(&cfg.QueryMax, 5000)
	set(&cfg.QueriesMax, 128)
	set(&cfg.QueuedMax, 4096)
	set(&cfg.CacheMax, 4096)
	set(&cfg.KeepMin, timer.Second)
	set(&cfg.KeepMax, timer.Hour)
	set(&cfg.NegativeMax, 5*timer.Minute)
	cfg.Servers = cfg.Servers[:min(len(cfg.Servers), serversMax)]
	return cfg
}

func set[T int | timer.Time](p *T, v T) {
	if *p <= 0 {
		*p = v
	}
}
