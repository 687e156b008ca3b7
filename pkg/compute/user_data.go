package compute

import (
	_ "embed"
)

// NginxScript is user data that installs nginx with its welcome page.
//
//go:embed nginx.sh
var NginxScript string
