// Package safefile opens the files that a run leaves behind or reads back: state, locks, logs, reports, saved plans.
//
// Whoever can write to the folder of such a file could put something else in its place: a symbolic link, a second name of
// another's file, a pipe that never ends, a device. Each function here refuses these before it reads or writes a byte, and
// looks at the open file rather than at its name, so that nothing can be exchanged in between. Its files belong to
// their owner alone, whatever the umask is. It knows nothing of what the files hold.
package safefile
