// Package crew runs the harness's own parts, the null backend and the load generators, each in a process of its own, and gives them orders.
//
// A part is the harness's own binary, started again with a hidden first argument. Orders and answers are lines of JSON on its standard input and
// output; when its input ends, it ends. Processes are what the descriptor limit counts by, and what a core can be given to.
//
// The package also starts servers under test pinned to a core (Pinned), without the help of a tool that may not be there.
package crew
