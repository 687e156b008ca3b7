// Package effect tells what a region's plan does to the people who use the stack, beyond the calls it makes: instances
// that are replaced, zones and ways out that are lost, addresses, names and ports that change. It reads a plan and
// the settings, and calls nothing. It must not know how effects are shown, and it never changes a plan.
package effect
