package localstack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	healthPath = "/_localstack/health"
	healthPoll = 50 * time.Millisecond

	answerTimeout = time.Minute // for a server that hangs, and never for one that is slow on a busy machine
)

// healthy waits until LocalStack says that its services run, or has ended.
func (p *process) healthy(ctx context.Context) error {
	poll := time.NewTicker(healthPoll)
	defer poll.Stop()
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("it did not become healthy: %w", ctx.Err())
		case <-p.ended:
			return p.failure()
		case <-poll.C:
			if answers(ctx, p.endpoint) {
				return nil
			}
		}
	}
}

// answers says whether a LocalStack with EC2 loaded is at the endpoint.
func answers(ctx context.Context, endpoint string) bool {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+healthPath, http.NoBody)
	if err != nil {
		return false
	}
	request.Close = true // no idle connection, hence no goroutine, stays behind
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	var health struct {
		Services map[string]string `json:"services"`
	}
	if err := json.NewDecoder(response.Body).Decode(&health); err != nil {
		return false
	}
	return health.Services["ec2"] == "running"
}
