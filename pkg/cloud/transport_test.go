package cloud

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// closing fails a read of the body after it was closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Read(p []byte) (int, error) {
	if c.closed {
		return 0, io.ErrClosedPipe
	}
	return c.Reader.Read(p)
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}

type clientFunc func(*http.Request) (*http.Response, error)

func (f clientFunc) Do(req *http.Request) (*http.Response, error) { return f(req) }

func TestABodyClosedEarlyIsSentAllTheSame(t *testing.T) {
	body := &closing{Reader: strings.NewReader("Action=CreateVpc")}
	sent := ""
	client := inMemory{clientFunc(func(req *http.Request) (*http.Response, error) {
		_ = body.Close() // as the SDK does when the answer starts
		got, err := io.ReadAll(req.Body)
		sent = string(got)
		return &http.Response{Body: http.NoBody}, err
	})}
	req, err := http.NewRequest(http.MethodPost, "https://ec2.eu-west-1.amazonaws.com", body)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Do(req)
	if err != nil || sent != "Action=CreateVpc" {
		t.Fatalf("sent %q, %v", sent, err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
}
