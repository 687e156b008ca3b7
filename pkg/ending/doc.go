// Package ending says what the end of a run means: the exit code that scripts get, and what people read, one line for each
// cause and one for what to do next.
//
// It must not know how command lines are parsed, how a terminal is written to, or what a command does. An error that only
// one command has says itself what to do about it, see [Advisor].
package ending
