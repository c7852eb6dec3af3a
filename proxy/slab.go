package proxy

import "math/bits"

// slotsPerChunk is how many records one allocation of a slab holds: large enough that a table of a
// million sessions is some thousand objects, small enough that a quiet server stays small.
const slotsPerChunk = 64

// slab holds records of one kind by slot number. A record never moves, so pointers into it stay valid
// until free; a slot is used again only after free. There is no map: who knows a slot has the record.
// Chunks that have become empty, but for one, are given to the garbage collector, so a burst's memory goes back.
//
// A chunk is nothing but records: with as much as a word more than 32 KiB it would be given 40.
type slab[T any] struct {
	chunks []*chunk[T]
	state  []chunkState // of each
	open   []uint32     // numbers of chunks that may have a free slot
	spare  *chunk[T]    // an empty chunk, kept so that what comes and goes allocates nothing; it stands at spareAt
	live   int

	spareAt uint32
}

type chunk[T any] [slotsPerChunk]T

type chunkState struct {
	used   uint64 // bit i: record i is taken
	listed bool   // its number is in open
}

// alloc takes a slot; its record is the zero value.
func (s *slab[T]) alloc() (uint32, *T) {
	for {
		if len(s.open) == 0 {
			s.grow()
		}
		n := s.open[len(s.open)-1]
		st := &s.state[n]
		if st.used == ^uint64(0) {
			st.listed = false
			s.open = s.open[:len(s.open)-1]
			continue
		}
		c := s.chunks[n]
		if c == nil {
			c = s.place(n)
		}
		if c == s.spare {
			s.spare = nil
		}
		i := lowestClear(st.used)
		st.used |= 1 << i
		s.live++
		return n*slotsPerChunk + uint32(i), &c[i]
	}
}

// place puts an empty chunk at n, the spare one if there is one; n is listed in open.
func (s *slab[T]) place(n uint32) *chunk[T] {
	c := s.spare
	if c == nil {
		c = new(chunk[T])
	} else {
		s.chunks[s.spareAt] = nil // listed too, and empty: nobody has a pointer into it
		s.spareAt = n
	}
	s.chunks[n] = c
	return c
}

// grow adds the number of a new chunk; alloc makes its memory.
func (s *slab[T]) grow() {
	s.open = append(s.open, uint32(len(s.chunks)))
	s.chunks = append(s.chunks, nil)
	s.state = append(s.state, chunkState{listed: true})
}

// get is the record of a slot in use, or nil.
func (s *slab[T]) get(slot uint32) *T {
	n, i := slot/slotsPerChunk, slot%slotsPerChunk
	if int(n) >= len(s.chunks) || s.chunks[n] == nil || s.state[n].used&(1<<i) == 0 {
		return nil
	}
	return &s.chunks[n][i]
}

// free clears a record and gives its slot back; a free slot is left alone.
func (s *slab[T]) free(slot uint32) {
	if s.get(slot) == nil {
		return
	}
	n, i := slot/slotsPerChunk, slot%slotsPerChunk
	c, st := s.chunks[n], &s.state[n]
	var zero T
	c[i] = zero
	st.used &^= 1 << i
	s.live--
	if !st.listed {
		st.listed = true
		s.open = append(s.open, n)
	}
	switch {
	case st.used != 0:
	case s.spare == nil:
		s.spare, s.spareAt = c, n
	default:
		s.chunks[n] = nil
	}
}

// each calls fn for every slot in use; fn may free the slot it is given.
func (s *slab[T]) each(fn func(slot uint32, r *T)) {
	for n := range s.chunks {
		c := s.chunks[n]
		if c == nil {
			continue
		}
		for i := range c {
			if s.state[n].used&(1<<i) != 0 {
				fn(uint32(n*slotsPerChunk+i), &c[i])
			}
		}
	}
}

func lowestClear(v uint64) int {
	return bits.TrailingZeros64(^v)
}
