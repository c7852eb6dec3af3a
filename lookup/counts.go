package lookup

// Outcomes is how many outcomes there are.
const Outcomes = int(Busy) + 1

// Counts are what a Resolver has done since it was made.
type Counts struct {
	Queries   uint64           // messages that were sent to resolvers, every try counted
	CacheHits uint64           // questions that the cache answered
	Answers   [Outcomes]uint64 // how the others ended
}

// Counts gives the numbers as they stand.
func (r *Resolver) Counts() Counts { return r.counts }
