package wsconn

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"go-xmpp-bosh/wsframe"
)

// The client's side of the wire, written apart from package wsframe.

// clientFrame is a masked frame.
func clientFrame(first byte, payload []byte) []byte {
	mask := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, 0x80|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	b = append(b, mask[:]...)
	for i, c := range payload {
		b = append(b, c^mask[i%4])
	}
	return b
}

// The first byte of frames.
const (
	wireText   = 0x81
	wireZipped = 0xc1
	wireBinary = 0x82
	wireClose  = 0x88
	wirePing   = 0x89
	wirePong   = 0x8a
)

// deflated is a message as permessage-deflate has it (RFC 7692 §7.2.1).
func deflated(text []byte) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		panic(err)
	}
	if _, err = w.Write(text); err == nil {
		err = w.Flush()
	}
	if err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\x00\x00\xff\xff"))
}

// inflated is the way back (RFC 7692 §7.2.2).
func inflated(b []byte) ([]byte, error) {
	r := flate.NewReader(io.MultiReader(bytes.NewReader(b), strings.NewReader("\x00\x00\xff\xff\x01\x00\x00\xff\xff")))
	return io.ReadAll(r)
}

// serverFrame is one frame that a session has sent.
type serverFrame struct {
	op      byte
	zipped  bool
	payload []byte
}

// takeFrame reads the frame at the start of b; n 0: it is incomplete.
func takeFrame(b []byte) (f serverFrame, n int, err error) {
	if len(b) < 2 {
		return f, 0, nil
	}
	if b[0]&0x80 == 0 || b[0]&0x30 != 0 || b[1]&0x80 != 0 {
		return f, 0, errors.New("a fragment, reserved bits, or a mask")
	}
	f.op, f.zipped = b[0]&15, b[0]&0x40 != 0
	size, n := int(b[1]), 2
	switch {
	case size == 126 && len(b) >= 4:
		size, n = int(binary.BigEndian.Uint16(b[2:])), 4
	case size == 127 && len(b) >= 10:
		size, n = int(binary.BigEndian.Uint64(b[2:])), 10
	case size >= 126:
		return f, 0, nil
	}
	if len(b) < n+size {
		return f, 0, nil
	}
	f.payload = b[n : n+size]
	if f.zipped {
		f.payload, err = inflated(f.payload)
	}
	return f, n + size, err
}

// closeCodeOf is what a close frame says.
func (f *serverFrame) closeCode() wsframe.CloseCode {
	if len(f.payload) < 2 {
		return wsframe.CloseNone
	}
	return wsframe.CloseCode(binary.BigEndian.Uint16(f.payload))
}

// isDocument reports, by another parser than ours, whether text is exactly one element in a namespace, whatever is inside.
func isDocument(text []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(text))
	depth, roots := 0, 0
	for {
		token, err := d.Token()
		switch token := token.(type) {
		case nil:
			return errors.Is(err, io.EOF) && depth == 0 && roots == 1
		case xml.StartElement:
			if depth == 0 {
				roots++
				if token.Name.Space == "" || token.Name.Space == "stream" {
					return false
				}
			}
			depth++
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 {
				return false
			}
		default:
			return false
		}
	}
}
