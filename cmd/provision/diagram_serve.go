package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"

	"provision/pkg/clock"
	"provision/pkg/ending"
	"provision/pkg/terminal"
	"provision/pkg/ui/diagram"
)

// serveDiagram serves the page and observes the stack until the user ends it, which is the normal end.
func (s *opened) serveDiagram(ctx context.Context, t terminal.Terminal, o diagramOptions) error {
	restore := t.Stop.Show(func(string) {}, func() {})
	defer restore()
	server := diagram.NewServer()
	server.Publish(s.picture(s.lookAgain(ctx)))
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(o.port)))
	if err != nil {
		return ending.UsageError{Err: err}
	}
	web := &http.Server{
		Handler: server, ReadHeaderTimeout: headerTimeout,
		BaseContext: func(net.Listener) context.Context { return ctx }, // ends what listens to events
	}
	served := make(chan error, 1)
	go func() { served <- web.Serve(listener) }()
	fmt.Fprintf(t.Out, "http://%s%s\n", listener.Addr(), server.Path())
	for clock.Sleep(ctx, o.every) == nil {
		server.Publish(s.picture(s.lookAgain(ctx)))
	}
	err = web.Close()
	if end := <-served; !errors.Is(end, http.ErrServerClosed) {
		err = errors.Join(err, end)
	}
	return err
}
