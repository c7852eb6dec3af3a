package httpparse

import (
	"net/url"
	"strings"
	"testing"
)

func TestQueryArg(t *testing.T) {
	for _, c := range []struct {
		query, name, want string
		ok                bool
	}{
		{"", "a", "", false},
		{"a=1&b=2", "a", "1", true},
		{"a=1&b=2", "b", "2", true},
		{"a=1&b=2", "c", "", false},
		{"a=1&a=2", "a", "1", true},
		{"a", "a", "", true},
		{"a=", "a", "", true},
		{"ab=1&a=2", "a", "2", true},
		{"a=b=c", "a", "b=c", true},
		{"&&a=1", "a", "1", true},
		{"a=1+2%2B%3C%zz%", "a", "1 2+<%zz%", true},
		{"%61+b=1", "a b", "1", true},
		{"_=%3Cbody/%3E&callback=f", "callback", "f", true},
	} {
		r := Request{Query: []byte(c.query)}
		got, ok := r.QueryArg([]byte("kept"), c.name)
		if string(got) != "kept"+c.want || ok != c.ok {
			t.Errorf("%q, %q: %q, %v; want %q, %v", c.query, c.name, got, ok, c.want, c.ok)
		}
	}
}

// FuzzQueryArg compares with net/url where that takes the query.
func FuzzQueryArg(f *testing.F) {
	f.Add("a=1&b=%20+&a=2", "a")
	f.Add("%61=%", "a")
	f.Fuzz(func(t *testing.T, query, name string) {
		r := Request{Query: []byte(query)}
		got, ok := r.QueryArg(nil, name)
		values, err := url.ParseQuery(query)
		if err != nil || strings.Contains(query, ";") || name == "" {
			return
		}
		if values.Has(name) != ok || values.Get(name) != string(got) {
			t.Errorf("%q, %q: %q, %v; net/url has %q", query, name, got, ok, values[name])
		}
	})
}
