package wire

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
)

// Reply is what goes over the wire.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// XMLReply is an answer with an XML document.
func XMLReply(requestID string, status int, document []byte) *Reply {
	return newReply(requestID, status, "text/xml;charset=UTF-8", document)
}

func jsonReply(requestID string, status int, body []byte) *Reply {
	return newReply(requestID, status, "application/x-amz-json-1.1", body)
}

func newReply(requestID string, status int, contentType string, body []byte) *Reply {
	return &Reply{status, http.Header{"Content-Type": {contentType}, "X-Amzn-Requestid": {requestID}}, body}
}

// Response is the reply as an HTTP client gets it.
func (r *Reply) Response(req *http.Request) *http.Response {
	return &http.Response{
		Status: strconv.Itoa(r.Status) + " " + http.StatusText(r.Status), StatusCode: r.Status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: r.Header, Body: io.NopCloser(bytes.NewReader(r.Body)), ContentLength: int64(len(r.Body)), Request: req,
	}
}

// Recorder is a response writer into a reply.
type Recorder struct{ Reply Reply }

// NewRecorder returns one for an answer with status 200, until something else is written.
func NewRecorder(header http.Header) *Recorder {
	return &Recorder{Reply{Status: http.StatusOK, Header: header}}
}

// Header implements [http.ResponseWriter].
func (w *Recorder) Header() http.Header { return w.Reply.Header }

// WriteHeader implements [http.ResponseWriter].
func (w *Recorder) WriteHeader(status int) { w.Reply.Status = status }

// Write implements [http.ResponseWriter].
func (w *Recorder) Write(b []byte) (int, error) {
	w.Reply.Body = append(w.Reply.Body, b...)
	return len(b), nil
}

// quoted is a text as JSON.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return `""` // no text is refused: bytes that are no UTF-8 are replaced
	}
	return string(b)
}
