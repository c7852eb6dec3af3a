package xmppconn

import (
	"go-xmpp-bosh/timer"
	"go-xmpp-bosh/xmlstream"
)

// wait keeps an element of the client's until the stream, or the restarted stream, is ready (decisions.md 36).
func (st *Stream) wait(now timer.Time, el *xmlstream.Element) {
	room := st.env.PendingBytesMax - len(st.pending)
	if len(el.Raw) <= room {
		was := len(st.pending)
		st.pending = el.AppendTo(st.env.Buffers.Grow(st.pending, len(el.Raw)+el.AppendSize()), xmlstream.NSClient)
		if len(st.pending)-was <= room {
			return
		}
	}
	st.end(now, ReasonPolicyViolation, "")
}

// flush sends what waits for the open stream: all of it, or what came before the restart that waits too; then it is that
// one's turn.
func (st *Stream) flush(now timer.Time) {
	send := st.pending
	if st.restartAt >= 0 {
		send = send[:st.restartAt]
	}
	if len(send) > 0 {
		st.env.Out.Send(st, send)
	}
	if st.restartAt < 0 {
		st.dropPending()
		return
	}
	st.pending = append(st.pending[:0], st.pending[st.restartAt:]...)
	st.restartAt = 0
	if !st.sasl {
		st.restart(now)
		return
	}
	st.setDeadline(now, st.env.StageMax)
}

// dropPending forgets what waits.
func (st *Stream) dropPending() {
	st.env.Buffers.Put(st.pending)
	st.pending = nil
	st.restartAt, st.next = -1, nil
}
