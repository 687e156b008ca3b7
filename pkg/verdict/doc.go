// Package verdict is the one place that turns what was read of a region into a word, and the word into a symbol, a tone
// and an exit code. Every command that says how a region is asks it. It must not know AWS, the engine or a terminal.
//
// A verdict claims no more than was looked at: what could not be read is [Unknown], never "as wanted".
package verdict
