package localstack

import (
	"context"
	"embed"
	"fmt"

	"provision/integration/venv"
)

// The provider needs no build: next to its module is the metadata by which LocalStack finds entry points.
//
//go:embed requirements.lock provider
var assets embed.FS

// provider is the folder of the provider among the assets.
const provider = "provider"

// Python returns the interpreter of the virtual environment in which LocalStack is installed, and installs it where
// that has not been done. Its packages include boto3.
func Python(ctx context.Context) (string, error) {
	home, err := install(ctx)
	return home.Python(), err
}

func install(ctx context.Context) (venv.Home, error) {
	home, err := venv.Install(ctx, "localstack", assets)
	if err != nil {
		return home, fmt.Errorf("%w; or set %s to an emulator that runs", err, EndpointVariable)
	}
	return home, nil
}
