// Package lifecycle runs the compiled program against LocalStack, from the first `up` to the last `down`: what it
// makes, repairs, changes, refuses and leaves alone, with how many calls, and what happens when a region fails, an
// answer is lost or the process is killed.
//
// Each test has an account, a folder and a proxy of its own. What is there is judged by listing the account, what was
// called by the proxy, and what the program said by its output and exit code. The package must know nothing of the
// program's inside: no other package of it than those of the instruments, no state file, no tag that it relies on.
package lifecycle
