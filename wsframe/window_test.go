package wsframe

import (
	"errors"
	"math/bits"
)

// farthest inflates like the slowest of clients, and says how far back the farthest match reaches: what a client with a smaller window could not
// read. It is written from RFC 1951 alone, so that it also is a second opinion on what was inflated.
func farthest(in []byte) (out []byte, distance int, err error) {
	defer func() {
		if e, ok := recover().(error); ok {
			err = e
		}
	}()
	z := slowInflater{in: in}
	for len(z.in)*8-z.at >= 8 {
		z.block()
	}
	return z.out, z.distance, nil
}

type slowInflater struct {
	in       []byte
	at       int // in bits
	out      []byte
	distance int
}

var errSlow = errors.New("not DEFLATE")

// bits are the next n bits, the first being the lowest (RFC 1951 §3.1.1).
func (z *slowInflater) bits(n int) (v int) {
	for i := range n {
		if z.at/8 >= len(z.in) {
			panic(errSlow)
		}
		v |= int(z.in[z.at/8]>>(z.at%8)&1) << i
		z.at++
	}
	return v
}

// huffman are code lengths by symbol; symbol reads one by trying each length (§3.2.2).
type huffman []int

func (z *slowInflater) symbol(h huffman) int {
	code, first := 0, 0
	for length := 1; length <= 15; length++ {
		code = code<<1 | z.bits(1)
		index := code - first
		count := 0
		for symbol, l := range h {
			if l == length {
				if count == index {
					return symbol
				}
				count++
			}
		}
		first = (first + count) << 1
	}
	panic(errSlow)
}

// block reads one (§3.2.3).
func (z *slowInflater) block() {
	if z.bits(1) == 1 {
		panic(errSlow) // we never send a final one
	}
	switch z.bits(2) {
	case 0:
		z.at = (z.at + 7) &^ 7
		n := z.bits(16)
		if n^z.bits(16) != 0xffff {
			panic(errSlow)
		}
		for range n {
			z.out = append(z.out, byte(z.bits(8)))
		}
	case 1:
		var literals, distances huffman
		for i := range 288 {
			switch {
			case i < 144, i >= 280:
				literals = append(literals, 8)
			case i < 256:
				literals = append(literals, 9)
			default:
				literals = append(literals, 7)
			}
		}
		for range 30 {
			distances = append(distances, 5)
		}
		z.content(literals, distances)
	case 2:
		z.content(z.codes())
	default:
		panic(errSlow)
	}
}

// codes reads the code lengths of a dynamic block (§3.2.7).
func (z *slowInflater) codes() (literals, distances huffman) {
	order := []int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	nLiterals, nDistances, nLengths := 257+z.bits(5), 1+z.bits(5), 4+z.bits(4)
	lengths := make(huffman, 19)
	for _, i := range order[:nLengths] {
		lengths[i] = z.bits(3)
	}
	var all huffman
	for len(all) < nLiterals+nDistances {
		symbol, value, n := z.symbol(lengths), 0, 1
		switch symbol {
		case 16:
			value, n = all[len(all)-1], 3+z.bits(2)
		case 17:
			n = 3 + z.bits(3)
		case 18:
			n = 11 + z.bits(7)
		default:
			value = symbol
		}
		for range n {
			all = append(all, value)
		}
	}
	return all[:nLiterals], all[nLiterals:]
}

// content reads literals and matches up to the end of the block (§3.2.5).
func (z *slowInflater) content(literals, distances huffman) {
	for {
		symbol := z.symbol(literals)
		switch {
		case symbol < 256:
			z.out = append(z.out, byte(symbol))
			continue
		case symbol == 256:
			return
		}
		length, distance := z.length(symbol-257), z.back(z.symbol(distances))
		if distance > len(z.out) {
			panic(errSlow)
		}
		z.distance = max(z.distance, distance)
		for range length {
			z.out = append(z.out, z.out[len(z.out)-distance])
		}
	}
}

func (z *slowInflater) length(i int) int {
	switch {
	case i < 8:
		return 3 + i
	case i == 28:
		return 258
	}
	extra := i/4 - 1
	return 3 + (4+i%4)<<extra + z.bits(extra)
}

func (z *slowInflater) back(i int) int {
	if i < 4 {
		return 1 + i
	}
	extra := i/2 - 1
	return 1 + (2+i%2)<<extra + z.bits(extra)
}

// bitsOf is the smallest window that holds a match so far back.
func bitsOf(distance int) int { return bits.Len(uint(max(distance-1, 0))) }
