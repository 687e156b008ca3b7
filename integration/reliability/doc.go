// Package reliability proves what the program promises about failure: kill it at any call, lose any answer, damage its
// state, run it twice at once; run it again, and there is exactly one of everything, or after `down` nothing, and
// nobody else's things were touched. docs/reliability.md lists the cases.
//
// Most tests run the stack in this process, on a sandbox in virtual time, and judge by what is in the account and not
// by what the program says. What needs a process to kill runs the real program against a sandbox that is served.
package reliability
