package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"go-xmpp-bosh/proxy"
)

// listenFDsStart is the first descriptor that systemd hands over (sd_listen_fds(3)).
const listenFDsStart = 3

// notifier tells systemd how the process is doing (sd_notify(3)). Without systemd it does nothing.
type notifier struct {
	conn     net.Conn      // nil: nobody wants to know
	watchdog time.Duration // how long systemd goes without a sign of life until it restarts us; 0: for ever
}

// newNotifier reads what systemd has put into the environment.
func newNotifier(getenv func(string) string) (*notifier, error) {
	n := new(notifier)
	path := getenv("NOTIFY_SOCKET")
	if path == "" {
		return n, nil
	}
	conn, err := net.Dial("unixgram", path) // net takes an @ for the abstract namespace, as systemd writes it
	if err != nil {
		return n, fmt.Errorf("telling systemd: %w", err)
	}
	n.conn = conn
	if pid := getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return n, nil
	}
	if us, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64); err == nil && us > 0 {
		n.watchdog = time.Duration(us) * time.Microsecond
	}
	return n, nil
}

// say sends assignments. That systemd does not read them is nothing that we could mend.
func (n *notifier) say(assignments ...string) {
	if n.conn != nil {
		_, _ = n.conn.Write([]byte(strings.Join(assignments, "\n")))
	}
}

// watch gives a sign of life, twice in the time that systemd waits for one, as long as every loop answers; alive asks them. It ends
// with ctx.
func (n *notifier) watch(ctx context.Context, alive func(context.Context) error) {
	if n.conn == nil || n.watchdog == 0 {
		return
	}
	tick := time.NewTicker(n.watchdog / 2)
	defer tick.Stop()
	for {
		within, cancel := context.WithTimeout(ctx, n.watchdog/2)
		if alive(within) == nil {
			n.say("WATCHDOG=1")
		}
		cancel()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// inherit takes the listening sockets that systemd hands over instead of addresses: one named https for HTTPS, the others for HTTP. It
// reports how many there are.
func inherit(cfg *proxy.Config, getenv func(string) string) (int, error) {
	count, _ := strconv.Atoi(getenv("LISTEN_FDS"))
	if getenv("LISTEN_PID") != strconv.Itoa(os.Getpid()) || count <= 0 {
		return 0, nil
	}
	names := strings.Split(getenv("LISTEN_FDNAMES"), ":")
	var clear, secure []string
	for i := range count {
		if i < len(names) && names[i] == "https" {
			secure = append(secure, proxy.InheritedAddress(listenFDsStart+i))
			continue
		}
		clear = append(clear, proxy.InheritedAddress(listenFDsStart+i))
	}
	if len(secure) > 0 && cfg.Certificates == nil {
		return count, fmt.Errorf("systemd hands over a socket for HTTPS (FileDescriptorName=https): give --tls-port, --tls-cert and --tls-key too")
	}
	if len(clear) > 0 {
		cfg.Listen = clear
	}
	if len(secure) > 0 {
		cfg.ListenTLS = secure
	}
	return count, nil
}
