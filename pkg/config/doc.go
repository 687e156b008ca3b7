// Package config reads the file that describes a stack and says what it means for each region: defaults, overrides,
// environment and flags merged in that order, every mistake found at once and shown at its line, and for each
// setting where it came from.
//
// It must not know AWS (no SDK, no network call), the state, the terminal or the command line: flags arrive as
// [Overrides]. It reads only the file, the user data scripts next to it, and the environment.
package config
