package wire

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

// Call is what an answer repeats of its request.
type Call struct{ Method, Action, RequestID string }

// Protocol is how a service's requests and answers look.
type Protocol interface {
	// Identify finds the action of a request and its parameters.
	Identify(req *http.Request, body []byte) (string, Params, *Error)
	// Success is the reply for a handler's answer.
	Success(Call, any) *Reply
	Failure(Call, *Error) *Reply
	Throttled() *Error // what a call too many gets
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// query reads the parameters of the query protocols, from the body or, for GET, the URL.
func query(req *http.Request, body []byte, member string) (string, Params, *Error) {
	text := string(body)
	if req.Method == http.MethodGet {
		text = req.URL.RawQuery
	}
	values, err := url.ParseQuery(text)
	if err != nil {
		return "", Params{}, Fail("MalformedQueryString", "The query string contains a syntax error: %v", err)
	}
	p := NewParams(values, member)
	action := p.Str("Action")
	if action == "" {
		return "", p, Fail("MissingAction", "The request must contain the parameter Action")
	}
	return action, p, nil
}

// EC2 is the query protocol of EC2.
type EC2 struct{ Namespace string }

// Identify implements [Protocol].
func (EC2) Identify(req *http.Request, body []byte) (string, Params, *Error) {
	return query(req, body, "")
}

// Success implements [Protocol].
func (p EC2) Success(c Call, out any) *Reply {
	var b bytes.Buffer
	b.WriteString(xmlHead + "<" + c.Action + `Response xmlns="` + p.Namespace + `">`)
	Element(&b, "requestId", c.RequestID)
	if out == nil {
		Element(&b, "return", "true")
	}
	Write(&b, out)
	CloseTag(&b, c.Action+"Response")
	return XMLReply(c.RequestID, http.StatusOK, b.Bytes())
}

// Failure implements [Protocol].
func (EC2) Failure(c Call, err *Error) *Reply {
	var b bytes.Buffer
	b.WriteString(xmlHead + "<Response><Errors><Error>")
	Element(&b, "Code", err.Code)
	Element(&b, "Message", err.Message)
	b.WriteString("</Error></Errors>")
	Element(&b, "RequestID", c.RequestID)
	CloseTag(&b, "Response")
	return XMLReply(c.RequestID, err.HTTPStatus(), b.Bytes())
}

// Throttled implements [Protocol].
func (EC2) Throttled() *Error {
	return FailWith(http.StatusServiceUnavailable, "RequestLimitExceeded", "Request limit exceeded.")
}

// Query is the query protocol of the other services.
type Query struct{ Namespace string }

// Identify implements [Protocol].
func (Query) Identify(req *http.Request, body []byte) (string, Params, *Error) {
	return query(req, body, "member.")
}

// Success implements [Protocol].
func (p Query) Success(c Call, out any) *Reply {
	var b bytes.Buffer
	b.WriteString("<" + c.Action + `Response xmlns="` + p.Namespace + `">`)
	OpenTag(&b, c.Action+"Result")
	Write(&b, out)
	CloseTag(&b, c.Action+"Result")
	OpenTag(&b, "ResponseMetadata")
	Element(&b, "RequestId", c.RequestID)
	CloseTag(&b, "ResponseMetadata")
	CloseTag(&b, c.Action+"Response")
	return XMLReply(c.RequestID, http.StatusOK, b.Bytes())
}

// Failure implements [Protocol].
func (p Query) Failure(c Call, err *Error) *Reply {
	var b bytes.Buffer
	b.WriteString(`<ErrorResponse xmlns="` + p.Namespace + `"><Error>`)
	Element(&b, "Type", err.fault())
	Element(&b, "Code", err.Code)
	Element(&b, "Message", err.Message)
	CloseTag(&b, "Error")
	Element(&b, "RequestId", c.RequestID)
	CloseTag(&b, "ErrorResponse")
	return XMLReply(c.RequestID, err.HTTPStatus(), b.Bytes())
}

// Throttled implements [Protocol].
func (Query) Throttled() *Error { return Fail("Throttling", "Rate exceeded") }

// JSON is JSON 1.1, with the action in the header X-Amz-Target.
type JSON struct{}

// Identify implements [Protocol].
func (JSON) Identify(req *http.Request, _ []byte) (string, Params, *Error) {
	target := req.Header.Get("X-Amz-Target")
	action := target[strings.LastIndexByte(target, '.')+1:]
	if action == "" {
		return "", Params{}, Fail("UnknownOperationException", "The request has no X-Amz-Target")
	}
	return action, Params{}, nil
}

// Success implements [Protocol].
func (p JSON) Success(c Call, out any) *Reply {
	if out == nil {
		out = struct{}{}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return p.Failure(c, Internal("The answer has no JSON form: %v", err))
	}
	return jsonReply(c.RequestID, http.StatusOK, body)
}

// Failure implements [Protocol].
func (JSON) Failure(c Call, err *Error) *Reply {
	body := `{"__type":` + quoted(err.Code) + `,"message":` + quoted(err.Message) + "}"
	r := jsonReply(c.RequestID, err.HTTPStatus(), []byte(body))
	r.Header.Set("X-Amzn-Errortype", err.Code)
	return r
}

// Throttled implements [Protocol].
func (JSON) Throttled() *Error { return Fail("ThrottlingException", "Rate exceeded") }

// REST is the protocol of S3: the action follows from method and URL.
type REST struct {
	Namespace string
	Route     func(*http.Request) string // the action that a request means
}

// Identify implements [Protocol].
func (p REST) Identify(req *http.Request, _ []byte) (string, Params, *Error) {
	return p.Route(req), Params{}, nil
}

// Success implements [Protocol].
func (p REST) Success(c Call, out any) *Reply {
	if out == nil {
		return XMLReply(c.RequestID, http.StatusOK, nil)
	}
	var b bytes.Buffer
	root := c.Action + "Result"
	b.WriteString(xmlHead + "<" + root + ` xmlns="` + p.Namespace + `">`)
	Write(&b, out)
	CloseTag(&b, root)
	return XMLReply(c.RequestID, http.StatusOK, b.Bytes())
}

// Failure implements [Protocol].
func (REST) Failure(c Call, err *Error) *Reply {
	var b bytes.Buffer
	b.WriteString(xmlHead + "<Error>")
	Element(&b, "Code", err.Code)
	Element(&b, "Message", err.Message)
	Element(&b, "RequestId", c.RequestID)
	CloseTag(&b, "Error")
	if c.Method == http.MethodHead {
		b.Reset() // what a HEAD is answered has no body, in process either
	}
	r := XMLReply(c.RequestID, err.HTTPStatus(), b.Bytes())
	maps.Copy(r.Header, err.Header)
	return r
}

// Throttled implements [Protocol].
func (REST) Throttled() *Error {
	return FailWith(http.StatusServiceUnavailable, "SlowDown", "Please reduce your request rate.")
}
