package sandbox

import (
	"fmt"
	"time"
)

// InstanceCredentials is the access key of the role of an instance, as a program on the instance gets it from the
// instance metadata service.
func (s *Sandbox) InstanceCredentials(account, region, id string) (accessKey string, err error) {
	a := s.account(account)
	a.mu.Lock()
	defer a.mu.Unlock()
	i := instances.get(a.region(region), id)
	if i == nil {
		return "", fmt.Errorf("there is no instance %s in %s", id, region)
	}
	global := a.region(globalRegion)
	profile := findInstanceProfile(a, i.Profile)
	if profile == nil || roles.get(global, profile.Role) == nil {
		return "", fmt.Errorf("instance %s has no role", id)
	}
	of := roles.get(global, profile.Role)
	key := fmt.Sprintf("ASIA%s%08X", a.id, uint32(global.draw("sts/key")))
	sessions.put(global, key, &session{
		Key: key, Ends: time.Now().Add(6 * time.Hour), UserID: of.ID + ":" + id,
		ARN: "arn:aws:sts::" + a.id + ":assumed-role/" + of.Name + "/" + id,
	})
	return key, nil
}
