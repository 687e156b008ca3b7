// Package style holds the words of messages, help, comments and pages to docs/style.md: it looks for phrases that the
// project does not write, and says which to write instead.
//
// phrases.go is the table, and the one place to add a phrase or an exception. source.go and markdown.go read the
// passages of a file. The package must not know what a passage is about, only how it is worded.
package style
