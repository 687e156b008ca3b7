// Package mutants changes the program a little in many places, one at a time, and asks the tests whether they notice: a
// condition that is forced, a statement that is dropped, an error that is swallowed, a context that is cut. A mutant that
// every test lets pass is a line that nothing holds.
//
// All mutants of a package are compiled at once, behind a switch that an environment variable sets, so that a mutant costs a
// run of the tests that reach it and no compilation. The source on disk is never changed: the compiler reads an overlay.
// The maintained tools (go-gremlins, gomutants) compile for each mutant, which takes minutes here for the AWS SDK has to be
// linked each time, and mutate operators only: they can't drop the call that checks an owner.
//
// The package knows Go's syntax and nothing of the program but the list of promises in docs/reliability.md.
package mutants
