// Package terminal is a command's interface to its user: results and messages, progress, questions, and the signals
// that end a run early.
//
// Everything that is shown goes through [Writer], which is also where an answer of AWS's loses what would make a terminal do
// things. The package must know neither AWS's calls nor command lines, and decides nothing about a stack.
package terminal
