package proxy

import (
	"math/rand/v2"
	"testing"
)

func TestSlabAgainstMap(t *testing.T) {
	var s slab[uint64]
	model := map[uint32]uint64{}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		if rng.IntN(100) < 52 {
			slot, r := s.alloc()
			if _, taken := model[slot]; taken {
				t.Fatalf("slot %d given out twice", slot)
			}
			if *r != 0 {
				t.Fatalf("slot %d is not cleared: %d", slot, *r)
			}
			*r = rng.Uint64() | 1
			model[slot] = *r
			continue
		}
		for slot := range model {
			s.free(slot)
			delete(model, slot)
			break
		}
	}
	if s.live != len(model) {
		t.Fatalf("live = %d, want %d", s.live, len(model))
	}
	seen := 0
	s.each(func(slot uint32, r *uint64) {
		seen++
		if model[slot] != *r {
			t.Fatalf("slot %d holds %d, want %d", slot, *r, model[slot])
		}
		s.free(slot)
	})
	if seen != len(model) || s.live != 0 {
		t.Fatalf("each saw %d of %d; live = %d", seen, len(model), s.live)
	}
	if s.get(1<<31) != nil || s.get(0) != nil {
		t.Fatal("get of a slot that is not in use is not nil")
	}
}

func TestSlabGivesChunksBack(t *testing.T) {
	var s slab[[64]byte]
	var slots []uint32
	for range 10 * slotsPerChunk {
		slot, _ := s.alloc()
		slots = append(slots, slot)
	}
	for _, slot := range slots {
		s.free(slot)
		s.free(slot) // a free slot is left alone
	}
	kept := 0
	for _, c := range s.chunks {
		if c != nil {
			kept++
		}
	}
	if kept != 1 {
		t.Fatalf("%d chunks kept when all is free, want 1", kept)
	}
	slot, _ := s.alloc()
	if int(slot) >= len(slots) {
		t.Fatalf("a new slot %d beyond the old ones", slot)
	}
}

// Sessions that come and go one at a time, beside others that fill whole chunks, allocate nothing.
func TestSlabDoesNotThrash(t *testing.T) {
	for _, beside := range []int{0, 3, slotsPerChunk - 1, slotsPerChunk, 2 * slotsPerChunk} {
		var s slab[[64]byte]
		var burst []uint32
		for range 4 * slotsPerChunk {
			slot, _ := s.alloc()
			burst = append(burst, slot)
		}
		for _, slot := range burst[beside:] {
			s.free(slot)
		}
		slot, _ := s.alloc()
		s.free(slot)
		if n := testing.AllocsPerRun(100, func() {
			slot, _ := s.alloc()
			s.free(slot)
		}); n != 0 {
			t.Errorf("beside %d others: %v allocations", beside, n)
		}
	}
}
