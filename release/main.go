package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"
)

// binaryName is the command's, and the package's.
const binaryName = "bosh-server"

// order is what was asked for.
type order struct {
	source     string   // root of the sources
	out        string   // where the results go
	arches     []string // as Go calls them, and Debian too for those that we build
	deb        bool
	maintainer string
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	o := order{source: "."}
	var noDeb bool
	flags := pflag.NewFlagSet("release", pflag.ContinueOnError)
	flags.StringVar(&o.out, "out", "dist", "folder for the results")
	flags.StringSliceVar(&o.arches, "arch", []string{"amd64", "arm64"}, "architectures")
	flags.BoolVar(&noDeb, "no-deb", false, "make no Debian package")
	flags.StringVar(&o.maintainer, "maintainer", cmp.Or(os.Getenv("DEBEMAIL"), "The bosh-server authors <bosh-server@example.org>"),
		"who answers for the Debian package: NAME <ADDRESS>")
	if err := flags.Parse(args); err != nil {
		return err
	}
	o.deb = !noDeb
	s, err := stampOf(o.source, os.Getenv)
	if err != nil {
		return err
	}
	return o.release(s)
}

// release makes everything. What it made before in the folder is overwritten; what others put there stays.
func (o *order) release(s stamp) error {
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	var made []string
	put := func(name string, content []byte) error {
		made = append(made, name)
		return write(filepath.Join(o.out, name), content, 0o644)
	}
	var all []component
	for _, arch := range o.arches {
		name := strings.Join([]string{binaryName, s.version, "linux", arch}, "_")
		binary := filepath.Join(o.out, name)
		made = append(made, name)
		if err := o.build(s, arch, binary); err != nil {
			return err
		}
		linked, err := o.linked(arch, binary)
		if err != nil {
			return err
		}
		all = append(all, linked...)
		sbom, err := billOfMaterials(s, binary, linked)
		if err != nil {
			return err
		}
		if err := put(name+".cdx.json", sbom); err != nil {
			return err
		}
		if !o.deb {
			continue
		}
		deb := fmt.Sprintf("%s_%s_%s.deb", binaryName, debianVersion(s.version), arch)
		made = append(made, deb)
		p := debianPackage{order: o, stamp: s, arch: arch, binary: binary, sbom: sbom, licences: linked}
		if err := p.build(filepath.Join(o.out, deb)); err != nil {
			return fmt.Errorf("%s: %w", deb, err)
		}
	}
	if err := put("THIRD-PARTY-LICENCES.txt", notices(unique(all))); err != nil {
		return err
	}
	return writeSums(o.out, made)
}
