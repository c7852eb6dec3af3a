//go:build integration && linux

package release

import (
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"go-xmpp-bosh/test/parts"
)

// TestBinaries: each needs nothing but a kernel of its architecture, and says what it is.
func TestBinaries(t *testing.T) {
	t.Parallel()
	for arch, machine := range map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64} {
		t.Run(arch, func(t *testing.T) {
			f, err := elf.Open(binary(arch))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if f.Machine != machine || f.Class != elf.ELFCLASS64 || f.Type != elf.ET_EXEC {
				t.Errorf("%v, %v, %v", f.Machine, f.Class, f.Type)
			}
			for _, p := range f.Progs {
				if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
					t.Errorf("it is not static: %v", p.Type)
				}
			}
			command := []string{binary(arch), "--version"}
			if arch != runtime.GOARCH {
				qemu := "qemu-" + map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[arch] + "-static"
				if _, err := exec.LookPath(qemu); err != nil {
					t.Skipf("it is not run: %s is missing", qemu)
				}
				command = append([]string{qemu}, command...)
			}
			want := fmt.Sprintf("bosh-server %s (commit %s, %s, linux/%s)\n", version, commit, runtime.Version(), arch)
			if out, err := exec.Command(command[0], command[1:]...).Output(); err != nil || string(out) != want {
				t.Errorf("--version: %q, %v, want %q", out, err, want)
			}
		})
	}
}

// TestSums: SHA256SUMS names all that was made, and is right.
func TestSums(t *testing.T) {
	t.Parallel()
	parts.NeedProgram(t, "sha256sum")
	check := exec.Command("sha256sum", "--check", "--strict", "SHA256SUMS")
	check.Dir = dist
	said := want(t, check)
	entries, err := os.ReadDir(dist)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "SHA256SUMS" && !strings.Contains(said, e.Name()+": OK\n") {
			t.Errorf("SHA256SUMS has no %s", e.Name())
		}
	}
}

// TestReproducible: sources in another folder, by another user's settings, make the same bytes. Compiled packages come from the same
// build cache, or this would take minutes; "make reproducible" begins from nothing.
func TestReproducible(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	source, out := dir+"/of/another name", dir+"/dist"
	sources(t, source)
	run := makeRelease(source, out, "--arch="+runtime.GOARCH)
	run.Env = append(run.Env, "TZ=Pacific/Chatham", "LC_ALL=C", "GOFLAGS=-buildvcs=auto", "GOAMD64=v3", "CGO_ENABLED=1", "GOWORK=/nowhere")
	want(t, run)
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, e := range entries {
		if !strings.Contains(e.Name(), runtime.GOARCH) {
			continue // of all architectures
		}
		compared++
		if a, b := read(t, dist+"/"+e.Name()), read(t, out+"/"+e.Name()); string(a) != string(b) {
			t.Errorf("%s is not what it was", e.Name())
		}
		if info, err := e.Info(); err != nil || info.Mode().Perm()&0o044 != 0o044 {
			t.Errorf("%s can't be read by everybody: %v, %v", e.Name(), info.Mode(), err)
		}
	}
	if compared < 2 {
		t.Errorf("only %d files to compare", compared)
	}
}
