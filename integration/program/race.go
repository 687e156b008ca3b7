//go:build race

package program

// Raced says whether this test binary has the race detector, with which a run costs about four times as much.
const Raced = true
