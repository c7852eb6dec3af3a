package parts

import (
	"os"
	"testing"
)

func TestBuild(t *testing.T) {
	if _, err := Build(t.TempDir(), "./cmd/nobody"); err == nil {
		t.Error("a command that is not there was built")
	}
}

func TestServer(t *testing.T) {
	t.Setenv("BOSH_SERVER", os.Args[0])
	if name, err := Server(t.TempDir()); err != nil || name == "" {
		t.Errorf("the server that is named: %q, %v", name, err)
	}
}

func TestNeed(t *testing.T) {
	if !Has("go") || Has("no such program") {
		t.Error("Has knows nothing")
	}
	NeedProgram(t, "go")
	Need(t, true, "nothing")
}
