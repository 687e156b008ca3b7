package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"provision/pkg/sandbox/wire"
)

// token remembers the answer to a call that had a ClientToken.
type token struct {
	Fingerprint string // of the call's parameters
	Answer      []byte
}

// tokensLive is how long a token is remembered; AWS says at least 24 hours for some APIs and nothing for others.
const tokensLive = 24 * time.Hour

var tokens = newKind[token]("client-token", "")

func tokenArea(reg *registry) {
	reg.effect("token-expires", func(r *region, id string) { tokens.drop(r, id) })
}

// once answers a repeated call with the first one's answer, even when what it made is gone by now.
func (c *call) once(op *operation) (any, error) {
	id := c.service + ":" + c.action + " " + c.Str("ClientToken")
	fingerprint := c.fingerprint()
	if known := tokens.get(c.region, id); known != nil {
		if known.Fingerprint != fingerprint {
			return nil, fail("IdempotentParameterMismatch",
				"The client token you have provided is associated with a resource that was created with other parameters.")
		}
		return wire.XMLReply(c.requestID, http.StatusOK, known.Answer), nil
	}
	out, err := c.handle(op)
	if err != nil {
		return nil, err
	}
	r := c.success(out)
	tokens.put(c.region, id, &token{Fingerprint: fingerprint, Answer: r.Body})
	c.region.after(tokensLive, "token-expires", id)
	return r, nil
}

// fingerprint is a hash of all parameters but the token.
func (c *call) fingerprint() string {
	var b strings.Builder
	for key, value := range c.All() {
		if key != "ClientToken" {
			b.WriteString(key + "=" + value + "\n")
		}
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}
