package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"provision/pkg/sandbox/wire"
)

// call is one request, as a handler sees it.
type call struct {
	sandbox *Sandbox
	account *account
	region  *region // what the call is about
	global  *region // what the account has outside of regions

	service, action, requestID string

	wire.Params        // of the query protocols
	body        []byte // as sent
	http        *http.Request
	accessKey   string
	caller      string // the account of the credentials: not always the one that the call is about
}

// largest is the size limit of a request's body in bytes.
const largest = 64 << 20

// decode fills in from the JSON of the body, which may have nothing else.
func (c *call) decode(in any) error {
	if len(c.body) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(in)
	if err == nil {
		return nil
	}
	if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
		return c.noParameter(strings.Trim(name, `"`))
	}
	return fail("SerializationException", "The request's JSON can't be read: %v", err)
}

// glance fills in from the JSON of the body what there is a place for.
func (c *call) glance(in any) error {
	if len(c.body) == 0 {
		return nil
	}
	return json.Unmarshal(c.body, in)
}

// parse finds out what a request is about. The call is usable for an error's answer even if there is one.
func (s *Sandbox) parse(req *http.Request) (*call, *Error) {
	c := &call{sandbox: s, http: req}
	account, region := c.scope()
	c.requestID = s.requestID()
	if account == "" {
		account = DefaultAccount
	}
	c.caller, c.account = account, s.account(account)
	var err error
	if req.Body != nil {
		if c.body, err = io.ReadAll(http.MaxBytesReader(nil, req.Body, largest)); err != nil {
			return c, fail("RequestEntityTooLarge", "The request's body can't be read: %v", err)
		}
	}
	var bad *Error
	if c.action, c.Params, bad = c.protocol().Identify(req, c.body); bad != nil {
		return c, bad
	}
	if owner := c.roleOwner(); owner != "" {
		c.account = s.account(owner)
	}
	c.account.mu.Lock()
	defer c.account.mu.Unlock()
	c.global = c.account.region(globalRegion)
	if c.service == "iam" {
		region = "us-east-1"
	}
	if bad := s.offers(region); bad != nil {
		return c, bad
	}
	c.region = c.account.region(region)
	return c, nil
}

// scope reads who calls which service in which region from the signature, or from the host if there is none.
func (c *call) scope() (account, region string) {
	credential := c.http.URL.Query().Get("X-Amz-Credential")
	if _, after, ok := strings.Cut(c.http.Header.Get("Authorization"), "Credential="); ok {
		credential, _, _ = strings.Cut(after, ",")
	}
	if parts := strings.Split(credential, "/"); len(parts) >= 5 {
		c.accessKey, region, c.service = parts[0], parts[2], parts[3]
		return accountOf(c.accessKey), region
	}
	c.service, region = hostScope(c.http.Host)
	return "", region
}

// hostScope reads service and region from names like ec2.eu-west-1.amazonaws.com and iam.amazonaws.com.
func hostScope(host string) (service, region string) {
	name, ok := strings.CutSuffix(host, ".amazonaws.com")
	if !ok {
		return "", "us-east-1"
	}
	parts := strings.Split(name, ".")
	if len(parts) == 1 {
		return parts[0], "us-east-1"
	}
	return parts[len(parts)-2], parts[len(parts)-1]
}

// accountOf is the account that an access key names, or empty.
func accountOf(key string) string {
	for _, lead := range []string{"ASIA", "AKIA"} {
		if rest, ok := strings.CutPrefix(key, lead); ok && len(rest) >= 12 {
			key = rest[:12]
		}
	}
	if len(key) != 12 || strings.Trim(key, "0123456789") != "" {
		return ""
	}
	return key
}
