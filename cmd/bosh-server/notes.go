package main

import "github.com/spf13/pflag"

// note is what the documentation says of a flag beside its usage: docs/configuration.md is made of both.
type note struct {
	group group
	unit  string
	zero  string // what 0 means, where that is a question
	limit string // what happens at the limit
	live  bool   // SIGHUP takes a new value
	mask  bool   // a secret
}

// group is a section of --help and of the documentation.
type group uint8

const (
	groupOther group = iota // nobody has placed the flag
	groupListen
	groupServers
	groupAccess
	groupLimits
	groupSessions
	groupWebSocket
	groupHTTP
	groupHTTPS
	groupLogs
	groupProcess
	groupDemo
	groupCommand
)

var groupNames = [...]string{
	groupOther:     "Other",
	groupListen:    "Where clients connect",
	groupServers:   "XMPP servers",
	groupAccess:    "Who may reach what",
	groupLimits:    "Limits",
	groupSessions:  "BOSH sessions",
	groupWebSocket: "WebSocket",
	groupHTTP:      "HTTP",
	groupHTTPS:     "HTTPS",
	groupLogs:      "Logs and pages",
	groupProcess:   "The process",
	groupDemo:      "Trying it out",
	groupCommand:   "This command alone",
}

func (g group) String() string {
	if int(g) < len(groupNames) {
		return groupNames[g]
	}
	return "invalid"
}

// Answers to what is over a limit that several flags share.
const (
	failed  = "`remote-connection-failed`"
	policy  = "`policy-violation`"
	refused = "refused"
)

// notes has all flags. The order of each group is that of their definition.
var notes = map[string]note{
	"host":       {group: groupListen},
	"port":       {group: groupListen, zero: "a free one"},
	"path":       {group: groupListen, limit: "other paths: 404"},
	"public-url": {group: groupListen, limit: "domains without one: 404"},

	"backend":                {group: groupServers, live: true},
	"backend-insecure":       {group: groupServers, limit: "other certificates: " + failed, live: true},
	"backend-tls":            {group: groupServers, limit: failed, live: true},
	"backend-ca":             {group: groupServers, live: true},
	"no-tls-domains":         {group: groupServers, live: true},
	"allow-private-backends": {group: groupServers, limit: "other private addresses: " + failed, live: true},
	"dns":                    {group: groupServers},
	"connect-timeout":        {group: groupServers, unit: "s", zero: refused, limit: failed, live: true},

	"firewall":        {group: groupAccess, limit: policy, live: true},
	"firewall-allow":  {group: groupAccess, limit: policy, live: true},
	"firewall-deny":   {group: groupAccess, limit: policy, live: true},
	"route-filter":    {group: groupAccess, limit: policy, live: true},
	"trusted-proxies": {group: groupAccess, limit: "what others say is not believed"},
	"proxy-protocol":  {group: groupAccess, limit: "without a header: closed"},
	"allow-origin":    {group: groupAccess, limit: "no CORS fields; WebSocket: 403"},

	"loops":                {group: groupLimits, unit: "threads", zero: refused},
	"max-sessions":         {group: groupLimits, unit: "sessions", zero: "what the descriptors carry", limit: "503 with `Retry-After`", live: true},
	"max-data-held":        {group: groupLimits, unit: "bytes", zero: refused, limit: "413 and " + policy},
	"max-xmpp-stanza-size": {group: groupLimits, unit: "bytes", zero: refused, limit: policy},

	"max-sessions-per-address":    {group: groupLimits, unit: "sessions", zero: "unlimited", limit: "503 with `Retry-After`", live: true},
	"max-connections-per-address": {group: groupLimits, unit: "connections", zero: "unlimited", limit: "closed", live: true},
	"max-sessions-per-domain":     {group: groupLimits, unit: "streams", zero: "unlimited", limit: policy, live: true},
	"max-requests-per-second":     {group: groupLimits, unit: "requests", zero: "unlimited", limit: policy},
	"max-bytes-per-second":        {group: groupLimits, unit: "bytes", zero: "unlimited", limit: policy},
	"login-timeout":               {group: groupLimits, unit: "s", zero: "unlimited", limit: policy},
	"max-memory":                  {group: groupLimits, unit: "MiB", zero: "unlimited", limit: "503 with `Retry-After`", live: true},

	"max-wait":                {group: groupSessions, unit: "s", zero: refused, limit: "an empty answer"},
	"max-bosh-connections":    {group: groupSessions, unit: "requests", zero: refused, limit: "the oldest is answered"},
	"window-size":             {group: groupSessions, unit: "requests", zero: refused, limit: "`item-not-found`"},
	"default-inactivity":      {group: groupSessions, unit: "s", zero: refused, limit: "the session ends"},
	"max-inactivity":          {group: groupSessions, unit: "s", zero: refused, limit: "less is granted"},
	"max-pause":               {group: groupSessions, unit: "s", zero: "no pausing", limit: policy},
	"polling":                 {group: groupSessions, unit: "s", zero: "unlimited", limit: policy},
	"features-delay":          {group: groupSessions, unit: "ms", zero: "no waiting", limit: "they follow later"},
	"max-streams-per-session": {group: groupSessions, unit: "streams", zero: refused, limit: policy},
	"pidgin-compatible":       {group: groupSessions},

	"websocket-path":          {group: groupWebSocket},
	"websocket-ping-interval": {group: groupWebSocket, unit: "s", zero: "no pings", limit: "gone after two without an answer"},
	"websocket-compress":      {group: groupWebSocket},

	"http-headers":          {group: groupHTTP},
	"http-socket-keepalive": {group: groupHTTP, unit: "s", zero: "off", limit: "closed after four more without an answer, 15 s apart; not over loopback"},
	"http-idle-timeout":     {group: groupHTTP, unit: "s", zero: refused, limit: "closed", live: true},
	"http-head-timeout":     {group: groupHTTP, unit: "s", zero: refused, limit: "408, closed", live: true},
	"http-body-timeout":     {group: groupHTTP, unit: "s", zero: refused, limit: "408, closed", live: true},

	"tls-port": {group: groupHTTPS, zero: "a free one"},
	"tls-cert": {group: groupHTTPS, limit: "a new one that is broken: the old one stays"},
	"tls-key":  {group: groupHTTPS},

	"logging":              {group: groupLogs, live: true},
	"log-format":           {group: groupLogs},
	"access-log":           {group: groupLogs, unit: "requests", zero: "off", live: true},
	"trim-default-length":  {group: groupLogs, unit: "bytes", zero: "names and sizes alone", limit: "the rest is left out", live: true},
	"admin":                {group: groupLogs, zero: "a free one", limit: "names of other hosts, other sites' pages: 403"},
	"system-info-password": {group: groupLogs, limit: "other passwords: 401; none is set: 403", live: true, mask: true},

	"drain-redirect": {group: groupProcess, limit: "none: `system-shutdown`"},
	"drain-timeout":  {group: groupProcess, unit: "s", zero: "no waiting", limit: "what is left is cut off", live: true},

	"demo":          {group: groupDemo},
	"demo-password": {group: groupDemo, mask: true},

	"config":       {group: groupCommand},
	"check-config": {group: groupCommand},
	"print-config": {group: groupCommand},
	"healthcheck":  {group: groupCommand},
	"version":      {group: groupCommand},
	"help":         {group: groupCommand},
}

// grouped are the flags of a group, in the order of their definition.
func grouped(f *pflag.FlagSet, g group) []*pflag.Flag {
	var list []*pflag.Flag
	f.VisitAll(func(flag *pflag.Flag) {
		if notes[flag.Name].group == g {
			list = append(list, flag)
		}
	})
	return list
}

// groups are all of them, in the order in which they are shown; what nobody has placed comes last.
func groups() []group {
	var list []group
	for g := groupListen; g <= groupCommand; g++ {
		list = append(list, g)
	}
	return append(list, groupOther)
}
