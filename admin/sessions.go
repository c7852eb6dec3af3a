package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"go-xmpp-bosh/proxy"
)

// health answers whether the event loop does.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.ask(w, r); ok {
		fmt.Fprintln(w, "ok")
	}
}

// ready answers whether new sessions are taken.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	st, ok := s.ask(w, r)
	switch {
	case !ok:
	case st.Draining:
		http.Error(w, "draining", http.StatusServiceUnavailable)
	default:
		fmt.Fprintln(w, "ok")
	}
}

func (s *Server) ask(w http.ResponseWriter, r *http.Request) (*proxy.Stats, bool) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	st, err := s.source.Stats(ctx)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return nil, false
	}
	return st, true
}

// listDefault is how many sessions are listed unless a limit is given.
const listDefault = 100

// list gives a part of the sessions.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	limit := listDefault
	if text := r.FormValue("limit"); text != "" {
		var err error
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > proxy.SessionsMax {
			http.Error(w, "limit: from 1 to "+strconv.Itoa(proxy.SessionsMax), http.StatusBadRequest)
			return
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	page, err := s.source.Sessions(ctx, r.FormValue("from"), limit)
	switch {
	case errors.Is(err, proxy.ErrCursor):
		http.Error(w, "from: "+err.Error(), http.StatusBadRequest)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	_ = e.Encode(page) // a reader that has left
}

// end ends a session.
func (s *Server) end(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	id := r.PathValue("id")
	found, err := s.source.EndSession(ctx, id)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	case !found:
		http.Error(w, "no such session", http.StatusNotFound)
	default:
		s.log.Info("session ended by the operator", "session", id)
		w.WriteHeader(http.StatusNoContent)
	}
}
