// Package lifecycle runs the compiled program against LocalStack, from the first `up` to the last `down`: what it
// makes, repairs, changes, refuses and leaves alone, with how many calls, and what happens when a region fails, an
// answer is lost or the process is killed.
//
// Each test has an account, a folder and a proxy of its own. It checks resources by listing the account, calls by the
// proxy, and the program's answers by its output and exit code. The package must not know the program's internals: it
// imports only the instruments' packages, and reads no state file and no tag that the program relies on.
package lifecycle
