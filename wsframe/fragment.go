package wsframe

// readFragment takes the payload of a whole data frame. Only a message that came in one frame and not compressed is told where it lies; others are
// gathered, first as they came, then inflated.
func (r *Reader) readFragment(payload []byte, isLast bool, m *Message) Event {
	isAlone := isLast && !r.isCompressed && r.message == nil
	if !isAlone && len(payload) > 0 {
		r.message = r.pool.buffers.Append(r.message, payload...)
	}
	if !isLast {
		r.state = stateMessage
		return NeedMore
	}
	r.state = stateIdle
	switch {
	case r.isCompressed:
		return r.readCompressed(m)
	case !r.text.isWhole():
		_, ev := fail(m, CloseBadData)
		return ev
	case isAlone:
		m.Data = payload
	default:
		m.Data = r.message
		r.pool.lend(r.message)
		r.message = nil
	}
	return EventText
}

// readCompressed inflates the message that was gathered.
func (r *Reader) readCompressed(m *Message) Event {
	in := r.message
	r.message = nil
	out, code := r.pool.inflate(in, int(r.bytesMax))
	if code != 0 {
		_, ev := fail(m, code)
		return ev
	}
	m.Data = out
	r.pool.lend(out)
	return EventText
}
