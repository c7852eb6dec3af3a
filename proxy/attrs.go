package proxy

import (
	"encoding/json"
	"maps"
	"slices"

	"go-xmpp-bosh/xmppconn"
)

// streamAttrs reads node-xmpp-bosh's stream_attrs: a JSON object of attributes for the header of a restarted stream. What
// is no such object counts as an empty one, as there, and only strings, numbers and booleans can be attributes. Which of
// them may stand in a header is xmppconn's to say.
func streamAttrs(text []byte) []xmppconn.Attr {
	if text == nil {
		return nil
	}
	attrs := []xmppconn.Attr{} // not nil: those of an earlier restart are over
	var object map[string]json.RawMessage
	if json.Unmarshal(text, &object) != nil {
		return attrs
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		raw := object[name]
		var value string
		switch {
		case len(raw) == 0, raw[0] == '{', raw[0] == '[', raw[0] == 'n':
			continue
		case raw[0] == '"':
			if json.Unmarshal(raw, &value) != nil {
				continue
			}
		default:
			value = string(raw)
		}
		attrs = append(attrs, xmppconn.Attr{Name: []byte(name), Value: []byte(value)})
	}
	return attrs
}
