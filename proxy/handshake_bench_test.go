package proxy

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// echoBackend serves a domain without authentication: what it is sent, it sends back.
func echoBackend(t testing.TB, cfg *Config, domain string) {
	l := fakeBackend(t, cfg, domain)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				r := bufio.NewReaderSize(c, 512)
				for {
					switch s, err := r.ReadString('>'); {
					case err != nil:
						return
					case strings.Contains(s, "<stream:stream"):
						io.WriteString(c, peerHeader+peerFeatures)
					case strings.HasPrefix(s, "<message"):
						io.WriteString(c, s)
					}
				}
			}()
		}
	}()
}

// shakes is the beginning of the far variable that makes this binary the clients of BenchmarkHandshakes, at the address behind it:
// a process of their own, for five hundred goroutines that compute would be before the loop in the queue for a processor.
const shakes = "shake "

const handshakes = 500

// shake does the handshakes, all at once.
func shake(addr string) {
	var all sync.WaitGroup
	for range handshakes {
		all.Go(func() {
			c, err := net.Dial("tcp", addr)
			if err != nil {
				panic(err)
			}
			defer c.Close()
			if err := tls.Client(c, &tls.Config{InsecureSkipVerify: true}).Handshake(); err != nil {
				panic(err)
			}
		})
	}
	all.Wait()
}

// BenchmarkHandshakes: how long the loop is held up at worst by TLS handshakes that begin all at once, while sessions exchange
// messages. The clients and backends of the sessions are in this process and want their share of the processor: the same without
// handshakes is printed beside it.
func BenchmarkHandshakes(b *testing.B) {
	const sessions, drivers = 1000, 8
	ca := newAuthority(b)
	pair := files(b, "bosh")
	pair.write(b, ca.issue("bosh.example", nil))
	certificates, err := LoadCertificates([]KeyPair{pair}, nil)
	if err != nil {
		b.Fatal(err)
	}
	s, addr := startServer(b, func(c *Config) {
		c.ListenTLS, c.Certificates = []string{"127.0.0.1:0"}, certificates
		echoBackend(b, c, "example.org")
	})
	var all []*testSession
	for range sessions {
		ts := &testSession{t: b, rid: 1000, poll: dial(b, addr)}
		ts.poll.post(createText(ts.rid, "example.org"))
		ts.sid = attr(b, ts.poll.body(), "sid")
		all = append(all, ts)
	}
	var stop atomic.Bool
	var exchanged atomic.Int64
	var driving sync.WaitGroup
	for i := range drivers {
		driving.Go(func() {
			for !stop.Load() {
				for _, ts := range all[i*sessions/drivers : (i+1)*sessions/drivers] {
					ts.poll.post(ts.next("", "<message xmlns='jabber:client'/>"))
					ts.poll.body()
					exchanged.Add(1)
				}
			}
		})
	}
	var calm, busy []time.Duration
	begun := time.Now()
	for b.Loop() {
		calm = append(calm, pauses(s, func() {
			for until := time.After(500 * time.Millisecond); ; {
				select {
				case <-until:
					return
				case <-time.After(time.Millisecond):
				}
			}
		})...)
		busy = append(busy, pauses(s, func() {
			clients := exec.Command(os.Args[0])
			clients.Env = append(os.Environ(), far+"="+shakes+s.TLSAddrs()[0].String())
			if out, err := clients.CombinedOutput(); err != nil {
				b.Errorf("%v: %s", err, out)
			}
		})...)
	}
	b.ReportMetric(float64(exchanged.Load())/time.Since(begun).Seconds(), "messages/s")
	stop.Store(true)
	driving.Wait()
	for name, of := range map[string][]time.Duration{"calm": calm, "shaking": busy} {
		slices.Sort(of)
		b.ReportMetric(of[len(of)-1].Seconds()*1e3, "worst-ms-"+name)
		b.ReportMetric(of[len(of)*99/100].Seconds()*1e3, "p99-ms-"+name)
	}
}

// pauses measures, every millisecond while f runs, how long the loop takes to come round to something that is posted to it.
func pauses(s *Server, f func()) (all []time.Duration) {
	done := make(chan struct{})
	go func() { f(); close(done) }()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	took := make(chan time.Duration, 1)
	for {
		select {
		case <-done:
			return all
		case <-tick.C:
			at := time.Now()
			s.loop.Post(func() { took <- time.Since(at) })
			all = append(all, <-took)
		}
	}
}
