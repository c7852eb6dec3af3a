package xmlstream

import "unicode/utf8"

// Classes of ASCII characters. A colon is in none of them: names are scanned by their parts.
const (
	classStart uint8 = 1 << iota // may begin a name's part
	className                    // may stand inside one
	classSpace                   // XML 1.0 §2.3
	classText                    // ends a run of character data: control, '<', '>', '&', 0x80 and above
	classValue                   // ends a run inside quotes: control, '<', '&', either quote, 0x80 and above
)

var class = func() (t [256]uint8) {
	for c := range t {
		if c < 0x20 || c >= utf8.RuneSelf {
			t[c] |= classText | classValue
		}
	}
	for _, r := range [...]struct {
		lo, hi byte
		class  uint8
	}{
		{'a', 'z', classStart | className},
		{'A', 'Z', classStart | className},
		{'_', '_', classStart | className},
		{'0', '9', className},
		{'-', '.', className},
		{' ', ' ', classSpace},
		{'\t', '\n', classSpace},
		{'\r', '\r', classSpace},
		{'<', '<', classText | classValue},
		{'&', '&', classText | classValue},
		{'>', '>', classText},
		{'\'', '\'', classValue},
		{'"', '"', classValue},
	} {
		for c := int(r.lo); c <= int(r.hi); c++ {
			t[c] |= r.class
		}
	}
	return t
}()

func isSpace(c byte) bool { return class[c]&classSpace != 0 }

// skipSpace gives the index of the first byte from i on that is no white space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	return i
}

// isChar is XML 1.0 §2.2's Char. Surrogates can't come out of UTF-8, but out of a character reference.
func isChar(r uint32) bool {
	switch {
	case r < 0x20:
		return r == '\t' || r == '\n' || r == '\r'
	case r < 0xD800:
		return true
	case r < 0xE000:
		return false
	}
	return r != 0xFFFE && r != 0xFFFF && r <= utf8.MaxRune
}

// isNameStart is NameStartChar beyond ASCII (XML 1.0, fifth edition, §2.3).
func isNameStart(r rune) bool {
	switch {
	case r < 0xC0, r == 0xD7, r == 0xF7:
		return false
	case r < 0x300:
		return true
	case r < 0x2000:
		return r >= 0x370 && r != 0x37E
	case r < 0x3001:
		return r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF
	case r < 0xE000:
		return true // surrogates, from 0xD800 on, can't be here
	}
	return r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

// isNameRune is NameChar beyond ASCII.
func isNameRune(r rune) bool {
	return isNameStart(r) || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}
