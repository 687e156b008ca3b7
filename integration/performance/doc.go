// Package performance holds the program to what is fast: the number of calls and the longest chain of round trips
// against their floor, which is computed from the graph; the makespan against AWS's own waits; and the cost of many
// regions. Everything but memory and start-up is measured on the sandbox in virtual time, so that the numbers are exact
// and the same on every machine.
//
// `make bench` writes what was measured to testdata/measured.json, and the folder report turns that into the table and
// the plot of docs/performance.md. The package must know nothing of how the engine schedules: it sees calls and times.
package performance
