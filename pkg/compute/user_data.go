package compute

import (
	_ "embed"
)

// NginxScript is user data that makes an instance a web server with nginx's welcome page.
//
//go:embed nginx.sh
var NginxScript string
