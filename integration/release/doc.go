// Package release holds the files by which the program is checked, built and shipped to what they name: those that no
// compiler reads, and that are otherwise found wrong on the day of a release.
package release
