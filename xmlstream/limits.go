package xmlstream

// Limits bound what one top-level element, or the root's start tag, may be (decisions.md 27). Zero means unlimited, but for
// Decls and Bytes, whose own ceilings always hold: 128 declarations, 1 GiB.
type Limits struct {
	Depth int // elements open at once, the top-level one included, the root not
	Attrs int // attributes of one start tag that declare no namespace
	Decls int // namespace declarations of one start tag
	Bytes int // from '<' to '>'
}

// DefaultLimits are the project's; they leave Bytes to the caller.
var DefaultLimits = Limits{Depth: 256, Attrs: 256, Decls: 128}

const (
	declsMax = 128     // hard: reliance on outer declarations is kept in 128 bits
	bytesMax = 1 << 30 // hard: offsets are 32 bits
	countMax = 1 << 30 // stands for "unlimited"
)

// bounds are Limits as a Scanner keeps them.
type bounds struct {
	depth, attrs, bytes uint32
	decls               uint8
}

func newBounds(l Limits) bounds {
	return bounds{
		depth: uint32(ceiling(l.Depth, countMax)),
		attrs: uint32(ceiling(l.Attrs, countMax)),
		bytes: uint32(ceiling(l.Bytes, bytesMax)),
		decls: uint8(ceiling(l.Decls, declsMax)),
	}
}

func ceiling(n, top int) int {
	if n <= 0 || n > top {
		return top
	}
	return n
}
