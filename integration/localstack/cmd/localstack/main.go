// Command localstack starts LocalStack in the background, and stops it.
//
//	eval "$(go run ./integration/localstack/cmd/localstack start)"
//	go run ./integration/localstack/cmd/localstack stop
//
// The variables that start prints lead any program with an AWS SDK to it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"provision/integration/localstack"
)

// account is LocalStack's default.
const account = "000000000000"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "localstack:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	switch {
	case len(args) == 1 && args[0] == "start":
		return start(ctx)
	case len(args) == 1 && args[0] == "stop":
		return localstack.StopBackground(ctx)
	default:
		return errors.New("usage: localstack start|stop")
	}
}

func start(ctx context.Context) error {
	fmt.Fprintln(os.Stderr, "Starting LocalStack; the first time on a machine this downloads about 60 MB.")
	endpoint, err := localstack.StartBackground(ctx)
	if err != nil {
		return err
	}
	fmt.Println("unset AWS_PROFILE AWS_SESSION_TOKEN")
	for _, variable := range localstack.Variables(endpoint, account) {
		fmt.Println("export", variable)
	}
	return nil
}
