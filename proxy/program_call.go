package proxy

import (
	"runtime/debug"
	"time"
)

// slowCall is from when on a program's function is complained of: nobody else is served meanwhile.
const slowCall = 10 * time.Millisecond

// call is one call of a program's function.
type call struct {
	p     *program
	hook  string
	ref   *SessionRef
	began time.Duration // since the running callback began
}

func (p *program) call(hook string, ref *SessionRef) call {
	return call{p, hook, ref, p.srv.loop.Elapsed()}
}

// end is deferred. A panic costs the session that the call was about, once the machine at work is done; of a slow one there is a line, one a second at most.
func (c call) end() {
	s := c.p.srv
	if v := recover(); v != nil {
		s.complain.warn(s.log, s.now(), "a function of the program panicked; its session is ended: "+c.hook,
			"hook", c.hook, "session", c.ref.logID(), "panic", v, "stack", string(debug.Stack()))
		s.put(task{do: taskFault, ref: c.ref})
	}
	if took := s.loop.Elapsed() - c.began; took >= slowCall {
		s.complain.warn(s.log, s.now(), "a function of the program is slow; no session is served meanwhile: "+c.hook,
			"hook", c.hook, "session", c.ref.logID(), "milliseconds", took.Milliseconds())
	}
}
