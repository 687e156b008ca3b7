package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"provision/pkg/cli"
	"provision/pkg/ending"
	"provision/pkg/sandbox"
	"provision/pkg/session"
	"provision/pkg/terminal"
)

func newSandbox(t terminal.Terminal, c *common) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the built-in AWS to other programs, or empty it",
		Args:  cli.CommandNeeded,
		RunE:  cli.ShowHelp,
	}
	cmd.AddCommand(newSandboxServe(t, c), newSandboxReset(t, c))
	return cmd
}

func newSandboxReset(t terminal.Terminal, c *common) *cobra.Command {
	return &cobra.Command{
		Use:     "reset",
		Short:   "Remove everything from the sandbox's accounts",
		Example: "  provision sandbox reset",
		Args:    cli.NoArguments,
		RunE: func(*cobra.Command, []string) error {
			err := sandbox.Remove(c.session.Sandbox.File)
			if errors.Is(err, os.ErrNotExist) {
				_, err = fmt.Fprintln(t.Out, "The sandbox is empty already.")
				return err
			}
			if err != nil {
				return fmt.Errorf("empty the sandbox: %w", err)
			}
			_, err = fmt.Fprintf(t.Out, "%s is removed: the sandbox is empty.\n", c.session.Sandbox.File)
			return err
		},
	}
}

func newSandboxServe(t terminal.Terminal, c *common) *cobra.Command {
	port := 4570
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer the AWS API on this machine, for the aws CLI, boto3 and provision --endpoint-url",
		Long: "serve answers the AWS API, all regions and services of the stack, on 127.0.0.1 only. Any credentials will do; an\n" +
			"access key of 12 digits is an account of its own. A load balancer answers to its name in the Host header.",
		Example: "  provision sandbox serve --port 4570\n" +
			"  AWS_ENDPOINT_URL=http://127.0.0.1:4570 AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=x provision status",
		Args: cli.NoArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return serveSandbox(cmd.Context(), t, c.session.Sandbox, port)
		},
	}
	cmd.Flags().IntVar(&port, "port", port, "port on 127.0.0.1; 0 chooses a free one")
	return cmd
}

const (
	headerTimeout = 10 * time.Second
	drainTimeout  = 5 * time.Second
)

func serveSandbox(ctx context.Context, t terminal.Terminal, o session.Sandbox, port int) error {
	if err := cli.CheckPort(port); err != nil {
		return err
	}
	b, err := o.Open()
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return errors.Join(ending.UsageError{Err: err}, b.Close())
	}
	server := &http.Server{Handler: sandbox.ForThisMachine(b.Sandbox), ReadHeaderTimeout: headerTimeout}
	go func() {
		<-ctx.Done()
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
		defer cancel()
		_ = server.Shutdown(drain) // what it does not finish in time, Serve's return cuts off
	}()
	fmt.Fprintf(t.Out, "http://%s\n", listener.Addr())
	err = server.Serve(listener)
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, b.Close())
}
