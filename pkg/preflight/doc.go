// Package preflight finds problems that would stop a run before the run starts: another identity, a region that is not
// enabled, zones that lack the instance type, an image of another architecture, quotas without room, missing
// permissions, a wrong clock, another run's lock. It only reads, in all regions in parallel.
//
// preflight.go runs everything; each further file is one thing that is looked at. The package must not know flags,
// terminals or exit codes.
package preflight
