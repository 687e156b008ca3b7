// Package session opens what a command works with, in one order: settings, connection, identity, guard, state, lock. Each
// refusal comes before the first write, and [Session.Close] gives everything back, the last first.
//
// It is for any program that works on a stack: it must not know command lines or terminals. It asks its questions and
// sends its news through a [Host].
package session
