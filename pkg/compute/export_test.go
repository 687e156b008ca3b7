package compute

// LaunchesSince is for tests that look at what is read of a group on the sandbox.
var LaunchesSince = launchesSince
