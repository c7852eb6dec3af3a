package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// goCommand is a go command for an architecture whose result depends on the sources and on Go alone: what this machine says of flags,
// experiments and levels of processors is set aside.
func (o *order) goCommand(arch string, args ...string) *exec.Cmd {
	cmd := exec.Command("go", args...)
	cmd.Dir = o.source
	cmd.Env = append(cmd.Environ(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOEXPERIMENT=", "GOFIPS140=off",
		"GOAMD64=v1", "GOARM64=v8.0", "GOWORK=off")
	return cmd
}

// build makes the binary of an architecture. Without symbols for debuggers it is a third smaller; stacks keep their names and lines.
func (o *order) build(s stamp, arch, binary string) error {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	ldflags := fmt.Sprintf("-s -w -X main.version=%s -X main.commit=%s", s.version, s.commit)
	_, err = outputOf(o.goCommand(arch, "build", "-trimpath", "-buildvcs=false", "-ldflags="+ldflags, "-o", binary, "./cmd/"+binaryName))
	if err != nil {
		return err
	}
	return os.Chmod(binary, 0o755)
}

// write puts a file there with that mode, whatever the umask.
func write(path string, content []byte, mode os.FileMode) error {
	if err := os.WriteFile(path, content, mode); err != nil {
		return err
	}
	return os.Chmod(path, mode)
}

// compressed is content as "gzip -9n" would have it: with neither a name nor a time.
func compressed(content []byte) []byte {
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one
	_, _ = z.Write(content)                               // into memory
	_ = z.Close()
	return b.Bytes()
}

// writeSums writes SHA256SUMS, for "sha256sum --check".
func writeSums(dir string, names []string) error {
	var b strings.Builder
	for _, name := range slices.Sorted(slices.Values(names)) {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(content), name)
	}
	return write(filepath.Join(dir, "SHA256SUMS"), []byte(b.String()), 0o644)
}
