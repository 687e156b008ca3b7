// Package fleet works on the targets of a fleet: it splits them among runners, works through one runner's share,
// returns to targets that another run had locked, and takes over the share of a runner that died.
//
// It must know neither AWS nor what is done to a target: that is a function. It sees the other runners through a
// [Board].
package fleet
