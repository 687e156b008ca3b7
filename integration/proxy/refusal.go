package proxy

import (
	"fmt"
	"net/http"
)

const refusal = "refused by the test's proxy"

// refuse answers with an error as the service's protocol writes it.
func refuse(w http.ResponseWriter, r *http.Request, c Call, status int, code string) {
	contentType := "text/xml"
	var body string
	switch {
	case r.Header.Get("X-Amz-Target") != "":
		contentType = "application/x-amz-json-1.1"
		body = fmt.Sprintf(`{"__type":%q,"message":%q}`, code, refusal)
	case c.Service == "ec2":
		body = fmt.Sprintf("<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors>"+
			"<RequestID>%d</RequestID></Response>", code, refusal, c.Number)
	case c.Service == "s3":
		body = fmt.Sprintf("<Error><Code>%s</Code><Message>%s</Message></Error>", code, refusal)
	default:
		body = fmt.Sprintf("<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>"+
			"<RequestId>%d</RequestId></ErrorResponse>", code, refusal, c.Number)
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body)) // fails only where the caller has gone
}
