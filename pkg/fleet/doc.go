// Package fleet works on the targets of a fleet: it splits them among runners, works through one runner's share, comes
// back to what somebody else had locked, and takes over the share of a runner that died.
//
// It must know neither AWS nor what is done to a target: that is a function, and whoever shares the work is seen through
// a [Board].
package fleet
