package xmlstream

// Pool is the scratch of one loop's scanners. Not safe for concurrent use.
type Pool struct{}

// NewPool gives an empty pool.
func NewPool() *Pool { return &Pool{} }
