package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// healthcheckTimeout is below the time that container runtimes give a check unless told otherwise.
const healthcheckTimeout = 3 * time.Second

// healthcheck asks a running server whether it is well: an answer of 2xx is. An image with nothing but this binary in it has
// no curl.
func healthcheck(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("--healthcheck=%s: want a URL, for example http://127.0.0.1:5280/http-bind/", address)
	}
	client := http.Client{
		Timeout:       healthcheckTimeout,
		Transport:     &http.Transport{DisableKeepAlives: true}, // and no proxy from the environment
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("redirected") },
	}
	r, err := client.Get(address)
	if err != nil {
		return fmt.Errorf("--healthcheck: %w", err)
	}
	r.Body.Close()
	if r.StatusCode < 200 || r.StatusCode > 299 {
		return fmt.Errorf("--healthcheck: %s answers %s", address, r.Status)
	}
	return nil
}
