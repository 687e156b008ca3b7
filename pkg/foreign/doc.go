// Package foreign is about text that others wrote: tags, names of lock holders, parts of a state, messages of AWS. People read
// such text between the program's own lines, so it must not be able to write a line of its own, to paint, or to control
// the terminal. The package must not know where a text comes from or where it is shown.
package foreign
