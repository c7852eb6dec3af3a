package wsconn

// Activity says in a word what the session is at: new, open, closing, closed.
func (s *Session) Activity() string { return s.state.String() }
