package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"provision/pkg/graph"
)

// The verification asks often at first and then every few seconds: a name that is new in DNS answers after a while.
const (
	askTimeout = 10 * time.Second
	firstAsk   = 250 * time.Millisecond
	lastAsk    = 5 * time.Second
)

// VerifyError says that a region was made but does not answer as it should.
type VerifyError struct {
	Region, URL string
	Last        string // what the last attempt got
	After       time.Duration
}

func (e *VerifyError) Error() string {
	return fmt.Sprintf("%s: %s did not answer as expected within %s: %s", e.Region, e.URL, e.After, e.Last)
}

// verify fetches the region's URL until it answers with the wanted status.
func (s *Stack) verify(ctx context.Context, region, url string) error {
	settings, err := s.Config.Region(region)
	if err != nil || s.SkipVerify {
		return err
	}
	want := settings.Verify
	url += want.Path
	client := &http.Client{
		Transport:     s.Web,
		Timeout:       askTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	since, told := s.clock().Now(), ""
	for wait := firstAsk; ; wait = min(2*wait, lastAsk) {
		asked := s.clock().Now()
		got, err := ask(ctx, client, url)
		if err == nil && got == want.Status {
			s.emit(graph.Event{Region: region, Key: urlKey, Type: graph.EventReady, Detail: url})
			return nil
		}
		last := fmt.Sprintf("status %d instead of %d", got, want.Status)
		if err != nil {
			last = err.Error()
		}
		if last != told {
			told = last
			s.emit(graph.Event{Region: region, Key: urlKey, Type: graph.Waiting, Detail: last})
		}
		if asked.Sub(since) >= want.Timeout { // an answer that was slow to come tells what was true before
			return &VerifyError{Region: region, URL: url, Last: last, After: want.Timeout}
		}
		if err := s.clock().Sleep(ctx, wait); err != nil {
			return err
		}
	}
}

func ask(ctx context.Context, client *http.Client, url string) (status int, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20))
	return response.StatusCode, errors.Join(err, response.Body.Close())
}
