package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// reply is what goes over the wire.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// protocol is how a service's requests and answers look.
type protocol interface {
	identify(*call) *Error     // finds the action and its parameters
	success(*call, any) *reply // of a handler's answer
	failure(*call, *Error) *reply
	throttled() *Error // what a call too many gets
}

// protocol of the call's service. Unsigned and unknown calls are taken for calls of EC2.
func (c *call) protocol() protocol {
	switch c.service {
	case "autoscaling":
		return queryXML{"http://autoscaling.amazonaws.com/doc/2011-01-01/"}
	case "elasticloadbalancing":
		return queryXML{"http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"}
	case "iam":
		return queryXML{"https://iam.amazonaws.com/doc/2010-05-08/"}
	case "sts":
		return queryXML{"https://sts.amazonaws.com/doc/2011-06-15/"}
	case "ssm", "servicequotas":
		return targetJSON{}
	case "s3":
		return restXML{}
	default:
		return ec2XML{}
	}
}

// ec2XML is the EC2 query protocol.
type ec2XML struct{}

func (ec2XML) identify(c *call) *Error { return c.query("") }

func (ec2XML) success(c *call, out any) *reply {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<" + c.action)
	b.WriteString(`Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">`)
	element(&b, "requestId", c.requestID)
	if out == nil {
		element(&b, "return", "true")
	}
	writeWire(&b, out)
	closeTag(&b, c.action+"Response")
	return xmlReply(c, http.StatusOK, &b)
}

func (ec2XML) failure(c *call, err *Error) *reply {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Response><Errors><Error>")
	element(&b, "Code", err.Code)
	element(&b, "Message", err.Message)
	b.WriteString("</Error></Errors>")
	element(&b, "RequestID", c.requestID)
	closeTag(&b, "Response")
	return xmlReply(c, err.status(), &b)
}

func (ec2XML) throttled() *Error {
	return &Error{"RequestLimitExceeded", "Request limit exceeded.", http.StatusServiceUnavailable}
}

// queryXML is the query protocol of the other services.
type queryXML struct{ namespace string }

func (queryXML) identify(c *call) *Error { return c.query("member.") }

func (p queryXML) success(c *call, out any) *reply {
	var b bytes.Buffer
	b.WriteString("<" + c.action + `Response xmlns="` + p.namespace + `">`)
	openTag(&b, c.action+"Result")
	writeWire(&b, out)
	closeTag(&b, c.action+"Result")
	openTag(&b, "ResponseMetadata")
	element(&b, "RequestId", c.requestID)
	closeTag(&b, "ResponseMetadata")
	closeTag(&b, c.action+"Response")
	return xmlReply(c, http.StatusOK, &b)
}

func (p queryXML) failure(c *call, err *Error) *reply {
	var b bytes.Buffer
	b.WriteString(`<ErrorResponse xmlns="` + p.namespace + `"><Error>`)
	element(&b, "Type", faultOf(err))
	element(&b, "Code", err.Code)
	element(&b, "Message", err.Message)
	closeTag(&b, "Error")
	element(&b, "RequestId", c.requestID)
	closeTag(&b, "ErrorResponse")
	return xmlReply(c, err.status(), &b)
}

func (queryXML) throttled() *Error { return fail("Throttling", "Rate exceeded") }

// targetJSON is JSON 1.1, with the action in the header X-Amz-Target.
type targetJSON struct{}

func (targetJSON) identify(c *call) *Error {
	target := c.http.Header.Get("X-Amz-Target")
	if c.action = target[strings.LastIndexByte(target, '.')+1:]; c.action == "" {
		return fail("UnknownOperationException", "The request has no X-Amz-Target")
	}
	return nil
}

func (targetJSON) success(c *call, out any) *reply {
	if out == nil {
		out = struct{}{}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return targetJSON{}.failure(c, internal("The answer has no JSON form: %v", err))
	}
	return jsonReply(c, http.StatusOK, body)
}

func (targetJSON) failure(c *call, err *Error) *reply {
	body := `{"__type":` + quoted(err.Code) + `,"message":` + quoted(err.Message) + "}"
	r := jsonReply(c, err.status(), []byte(body))
	r.header.Set("X-Amzn-Errortype", err.Code)
	return r
}

func (targetJSON) throttled() *Error { return fail("ThrottlingException", "Rate exceeded") }

// restXML is S3's: the action follows from method and URL, by the registered route.
type restXML struct{}

func (restXML) identify(c *call) *Error {
	if route := c.sandbox.registry.routes[c.service]; route != nil {
		c.action = route(c.http)
	}
	return nil
}

func (restXML) success(c *call, out any) *reply {
	if out == nil {
		return xmlReply(c, http.StatusOK, &bytes.Buffer{})
	}
	var b bytes.Buffer
	root := c.action + "Result"
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<" + root)
	b.WriteString(` xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`)
	writeWire(&b, out)
	closeTag(&b, root)
	return xmlReply(c, http.StatusOK, &b)
}

func (restXML) failure(c *call, err *Error) *reply {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error>")
	element(&b, "Code", err.Code)
	element(&b, "Message", err.Message)
	element(&b, "RequestId", c.requestID)
	closeTag(&b, "Error")
	if c.http.Method == http.MethodHead {
		b.Reset() // what a HEAD is answered has no body, in process either
	}
	r := xmlReply(c, err.status(), &b)
	if err.Status == http.StatusMovedPermanently {
		name, _ := s3Target(c.http)
		r.header.Set("X-Amz-Bucket-Region", s3Buckets.get(c.global, name).Region)
	}
	return r
}

func (restXML) throttled() *Error {
	return &Error{"SlowDown", "Please reduce your request rate.", http.StatusServiceUnavailable}
}

func xmlReply(c *call, status int, b *bytes.Buffer) *reply {
	return newReply(c, status, "text/xml;charset=UTF-8", b.Bytes())
}

func jsonReply(c *call, status int, body []byte) *reply {
	return newReply(c, status, "application/x-amz-json-1.1", body)
}

func newReply(c *call, status int, contentType string, body []byte) *reply {
	return &reply{status, http.Header{"Content-Type": {contentType}, "X-Amzn-Requestid": {c.requestID}}, body}
}

func faultOf(err *Error) string {
	if err.status() >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

// quoted is a text as JSON.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		return `""` // no text is refused: bytes that are no UTF-8 are replaced
	}
	return string(b)
}
