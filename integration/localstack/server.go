package localstack

import (
	"context"
	"os"
)

// EndpointVariable is the environment variable by which AWS's SDKs and this package are given an endpoint.
const EndpointVariable = "AWS_ENDPOINT_URL"

// Server is an endpoint that answers as AWS does.
type Server struct {
	Endpoint string // such as http://127.0.0.1:40123

	process *process // nil where another process runs the endpoint
}

// Start returns the endpoint of AWS_ENDPOINT_URL, or else installs LocalStack if it is missing, starts it and waits
// until its services are loaded. A LocalStack that it started ends with this process, unless [Server.Stop] ends it
// earlier.
func Start(ctx context.Context) (*Server, error) {
	if endpoint := os.Getenv(EndpointVariable); endpoint != "" {
		return &Server{Endpoint: endpoint}, nil
	}
	home, err := install(ctx)
	if err != nil {
		return nil, err
	}
	process, err := launch(ctx, home, untilParentEnds)
	if err != nil {
		return nil, err
	}
	return &Server{Endpoint: process.endpoint, process: process}, nil
}

// Stop ends what Start started, and leaves an endpoint that was given alone.
func (s *Server) Stop() error {
	if s.process == nil {
		return nil
	}
	return s.process.stop()
}
