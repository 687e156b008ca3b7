// Package cli is what all command lines have in common, whatever the command is: help, arguments, and words for a value or a
// name that is wrong.
//
// It must not know what any command does.
package cli
