package sandbox

// Healthy is how many targets of each target group of a region are healthy now, past the API and its lag, by the
// group's ARN. Groups without targets are in it.
func (s *Sandbox) Healthy(accountID, region string) map[string]int {
	a := s.account(accountID)
	a.mu.Lock()
	defer a.mu.Unlock()
	r := a.region(region)
	r.settle(s.clock.Now())
	healthy := map[string]int{}
	for g := range targetGroups.all(r) {
		healthy[g.ARN] = r.healthy(g)
	}
	return healthy
}

// healthy counts the healthy targets of a group.
func (r *region) healthy(g *targetGroup) int {
	n := 0
	for _, t := range g.Targets {
		if r.health(g, t).State == targetHealthy {
			n++
		}
	}
	return n
}
