// Package witness watches regions of the sandbox while something changes them, at every call and every effect, and holds
// the worst moments against what the plan of the change announced. It is one for all tests that ask whether users noticed
// more than they were told of.
//
// It must not know how a change is made, and it reads a plan's effects only: what they announce is the measure.
package witness
