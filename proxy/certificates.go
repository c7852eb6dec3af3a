package proxy

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// certificatesEvery is how often the files are looked at for a change.
const certificatesEvery = 10 * time.Second

// KeyPair names the PEM files of a certificate, with what its chain needs behind it, and of its private key.
type KeyPair struct {
	CertFile, KeyFile string
}

// Certificates are what the server shows to TLS clients: for each the first one that suits it, by the name that it asks
// for (SNI) and by its algorithms; the first of all where none does. They may be loaded anew while handshakes run. Its
// methods may be called from any goroutine.
type Certificates struct {
	pairs []KeyPair
	log   *slog.Logger
	now   atomic.Pointer[[]tls.Certificate]
	tls   *tls.Config

	mu    sync.Mutex // of loading
	state []fileState
}

// fileState is what tells a changed file from the one that was read; nil: it could not be looked at.
type fileState struct{ os.FileInfo }

// isSame reports whether nothing shows a change. Two files may be as old as each other, for the clock of a file system ticks in
// milliseconds.
func (f fileState) isSame(as fileState) bool {
	if f.FileInfo == nil || as.FileInfo == nil {
		return f.FileInfo == as.FileInfo
	}
	return f.Size() == as.Size() && f.ModTime().Equal(as.ModTime()) && os.SameFile(f.FileInfo, as.FileInfo)
}

// LoadCertificates reads the pairs. log is told of later loads; it may be nil.
func LoadCertificates(pairs []KeyPair, log *slog.Logger) (*Certificates, error) {
	if len(pairs) == 0 {
		return nil, errors.New("no certificate is given")
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c := &Certificates{pairs: pairs, log: log}
	c.tls = &tls.Config{
		GetCertificate: c.choose,
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"http/1.1"},
	}
	c.state = c.look()
	if err := c.load(); err != nil {
		return nil, err
	}
	return c, nil
}

// load reads all pairs; they take effect together or not at all.
func (c *Certificates) load() error {
	list := make([]tls.Certificate, len(c.pairs))
	for i, p := range c.pairs {
		pair, err := tls.LoadX509KeyPair(p.CertFile, p.KeyFile)
		if err != nil {
			return fmt.Errorf("certificate %s with key %s: %w", p.CertFile, p.KeyFile, err)
		}
		list[i] = pair
	}
	c.now.Store(&list)
	return nil
}

// Reload reads the files anew. What cannot be used leaves the certificates as they are, and the operator is told.
func (c *Certificates) Reload() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reload(c.look())
}

// reloadChanged does so if a file has changed since.
func (c *Certificates) reloadChanged() {
	c.mu.Lock()
	defer c.mu.Unlock()
	state := c.look()
	for i := range state {
		if !state[i].isSame(c.state[i]) {
			c.reload(state)
			return
		}
	}
}

// reload is the common part; state is of the moment before, so that a file that is written meanwhile is read again.
func (c *Certificates) reload(state []fileState) {
	c.state = state
	if err := c.load(); err != nil {
		c.log.Warn("new TLS certificates can't be used; those from before stay: mend the files, they are read again when they change, or on SIGHUP", "reason", err)
		return
	}
	list := *c.now.Load()
	c.log.Info("TLS certificates loaded", "count", len(list), "default", subject(&list[0]), "until", list[0].Leaf.NotAfter)
	for i := range list {
		if time.Now().After(list[i].Leaf.NotAfter) {
			c.log.Warn("a TLS certificate has expired: renew it", "file", c.pairs[i].CertFile, "until", list[i].Leaf.NotAfter)
		}
	}
}

func subject(c *tls.Certificate) string {
	if names := c.Leaf.DNSNames; len(names) > 0 {
		return names[0]
	}
	return c.Leaf.Subject.CommonName
}

// look gives the state of all files.
func (c *Certificates) look() []fileState {
	state := make([]fileState, 0, 2*len(c.pairs))
	for _, p := range c.pairs {
		for _, name := range []string{p.CertFile, p.KeyFile} {
			info, err := os.Stat(name)
			if err != nil {
				info = nil
			}
			state = append(state, fileState{info})
		}
	}
	return state
}

// watch looks at the files now and then, until stop is closed.
func (c *Certificates) watch(every time.Duration, stop <-chan struct{}) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.reloadChanged()
		case <-stop:
			return
		}
	}
}

// config is for all listeners, on whatever loop, and for all the time: so clients may resume their TLS sessions at another, and after
// a reload.
func (c *Certificates) config() *tls.Config { return c.tls }

// choose is called by a handshake's goroutine.
func (c *Certificates) choose(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	list := *c.now.Load()
	for i := range list {
		if hello.SupportsCertificate(&list[i]) == nil {
			return &list[i], nil
		}
	}
	return &list[0], nil
}

// watchCertificates has the files read again when they change, until the function that it returns is called.
func (s *Server) watchCertificates() (stop func()) {
	if s.cfg.Certificates == nil {
		return func() {}
	}
	end := make(chan struct{})
	go s.cfg.Certificates.watch(certificatesEvery, end)
	return func() { close(end) }
}

// Reload reads the certificates' files anew, whether they have changed or not. It waits for the disk: it is for any goroutine but
// the loop's.
func (s *Server) Reload() {
	if s.cfg.Certificates != nil {
		s.cfg.Certificates.Reload()
	}
}
