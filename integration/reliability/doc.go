// Package reliability proves what the program promises about failure: kill it at any call, lose any answer, damage its
// state, run it twice at once; run it again, and there is exactly one of each resource, or after `down` none, and no
// other owner's resources were touched. docs/reliability.md lists the cases.
//
// Most tests run the stack in this process, on a sandbox in virtual time, and check the account and not the program's
// output. Tests that need a process to kill run the real program against a sandbox that is served.
package reliability
