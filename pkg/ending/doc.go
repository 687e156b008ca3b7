// Package ending says what the end of a run means: the exit code that scripts get, and what people read, one line for each
// cause and one for what to do next.
//
// It must not know command lines, terminals or signals: what a person said wrong, or stopped, is the program's own.
package ending
