package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/google/uuid"
)

// billOfMaterials says what is in a binary: modules, versions, checksums and licences. The same binary has the same.
func billOfMaterials(s stamp, binary string, linked []component) ([]byte, error) {
	content, err := os.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(content)
	self := cyclonedx.Component{
		BOMRef: "pkg:generic/" + binaryName + "@" + s.version, Type: cyclonedx.ComponentTypeApplication,
		Name: binaryName, Version: s.version, PackageURL: "pkg:generic/" + binaryName + "@" + s.version,
		Hashes:   &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgoSHA256, Value: hex.EncodeToString(sum[:])}},
		Licenses: licences([]string{"MIT"}),
	}
	components := make([]cyclonedx.Component, 0, len(linked))
	refs := make([]string, 0, len(linked))
	for _, c := range linked {
		hashes, err := hashesOf(c)
		if err != nil {
			return nil, err
		}
		purl := "pkg:golang/" + c.name + "@" + c.version
		if c.npm {
			purl = "pkg:npm/" + c.name + "@" + c.version
		}
		refs = append(refs, purl)
		components = append(components, cyclonedx.Component{
			BOMRef: purl, Type: cyclonedx.ComponentTypeLibrary, Name: c.name, Version: c.version, PackageURL: purl,
			Scope: cyclonedx.ScopeRequired, Hashes: hashes, Licenses: licences(c.ids),
		})
	}
	bom := cyclonedx.NewBOM()
	// A number of its own for each binary, made of its bytes.
	bom.SerialNumber = "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceOID, sum[:]).String()
	bom.Metadata = &cyclonedx.Metadata{Timestamp: s.when.Format(time.RFC3339), Component: &self}
	bom.Components = &components
	bom.Dependencies = &[]cyclonedx.Dependency{{Ref: self.BOMRef, Dependencies: &refs}}
	var b bytes.Buffer
	// 1.6, since scanners take a while to read what is newer.
	err = cyclonedx.NewBOMEncoder(&b, cyclonedx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false).EncodeVersion(bom, cyclonedx.SpecVersion1_6)
	return b.Bytes(), err
}

// hashesOf is the checksum of go.sum in hexadecimal: the SHA-256 of a list of the module's files and theirs.
func hashesOf(c component) (*[]cyclonedx.Hash, error) {
	if c.sum == "" {
		return nil, nil
	}
	encoded, ok := strings.CutPrefix(c.sum, "h1:")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if !ok || err != nil {
		return nil, fmt.Errorf("%s: the checksum %q is not one of SHA-256", c.name, c.sum)
	}
	return &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgoSHA256, Value: hex.EncodeToString(raw)}}, nil
}

// licences are all that hold for parts of a component, in their own words.
func licences(ids []string) *cyclonedx.Licenses {
	list := cyclonedx.Licenses{}
	for _, id := range ids {
		list = append(list, cyclonedx.LicenseChoice{License: &cyclonedx.License{ID: id}})
	}
	return &list
}
