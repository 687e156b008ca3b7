package ending

import "provision/pkg/cloud"

// Text is an error as people read it, wherever it is shown: AWS's own words first, and not what the SDK says around them.
func Text(err error) string { return cloud.Text(err) }
