// Package docs runs the commands of the pages that people follow, README, tutorial and how-to, against the sandbox, and
// looks for links that lead nowhere.
//
// A block with the info string `sh run` is run line by line with the compiled program, all blocks of a page in one
// folder; `exit=N` next to it is the code that its last line must end with. A block with `file=NAME` is written to that
// file first. It must not know what a stack is: whether the commands have their effects is for the other suites to
// test.
package docs
