package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"provision/pkg/sandbox/policy"
)

// stsArea registers the operations of STS.
func stsArea(reg *registry) {
	reg.add("sts", "GetCallerIdentity", reads, getCallerIdentity)
	reg.add("sts", "AssumeRole", mutates, assumeRole)
	reg.add("sts", "AssumeRoleWithWebIdentity", mutates, assumeRoleWithWebIdentity)
}

// session is an assumed role. It ends in real time, even where the sandbox's own goes faster: it is held by
// a program that lives in real time, and asks for another session in time.
type session struct {
	Key    string // of access
	ARN    string // of the assumed role
	UserID string
	Ends   time.Time
}

func (s *session) ended() bool { return !time.Now().Before(s.Ends) }

// sessions are by access key.
var sessions = newKind[session]("sts-session", "")

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

type callerIdentity struct {
	ARN     string `wire:"Arn"`
	UserID  string `wire:"UserId"`
	Account string `wire:"Account"`
}

type credentialsView struct {
	Key     string    `wire:"AccessKeyId"`
	Secret  string    `wire:"SecretAccessKey"`
	Token   string    `wire:"SessionToken"`
	Expires time.Time `wire:"Expiration"`
}

type assumedUser struct {
	ID  string `wire:"AssumedRoleId"`
	ARN string `wire:"Arn"`
}

type assumed struct {
	Credentials credentialsView `wire:"Credentials"`
	User        assumedUser     `wire:"AssumedRoleUser"`
	Subject     string          `wire:"SubjectFromWebIdentityToken"`
	Audience    string          `wire:"Audience"`
	Provider    string          `wire:"Provider"`
}

// session is that of the caller. It is nil for who owns the account; one that ended is an error.
func (c *call) session() (*session, error) {
	s := sessions.get(c.global, c.accessKey)
	if s != nil && !s.ended() {
		return s, nil
	}
	if strings.HasPrefix(c.accessKey, "ASIA") {
		return nil, iamError("ExpiredToken", http.StatusForbidden, "The security token included in the request is expired")
	}
	return nil, nil
}

// getCallerIdentity answers the session's role, or the user that owns the account.
func getCallerIdentity(c *call) (any, error) {
	who := callerIdentity{Account: c.account.id}
	s, err := c.session()
	if err != nil {
		return nil, err
	}
	if s != nil {
		who.ARN, who.UserID = s.ARN, s.UserID
		return who, nil
	}
	who.ARN, who.UserID = iamARN(c.account.id, "user", "/", "sandbox"), "AIDASANDBOX0000000000"
	return who, nil
}

func assumeRole(c *call) (any, error) {
	target, err := c.trusting("sts:AssumeRole", "AWS", nil)
	if err != nil {
		return nil, err
	}
	return c.assume(target)
}

func assumeRoleWithWebIdentity(c *call) (any, error) {
	claims, err := webIdentity(c.Str("WebIdentityToken"))
	if err != nil {
		return nil, err
	}
	provider := iamARN(c.account.id, "oidc-provider", "/", strings.TrimPrefix(claims.Issuer, "https://"))
	if identityProviders.get(c.global, provider) == nil {
		return nil, fail("InvalidIdentityToken", "No OpenIDConnect provider found in your account for %s", claims.Issuer)
	}
	target, err := c.trusting("sts:AssumeRoleWithWebIdentity", "Federated", claims.keys())
	if err != nil {
		return nil, err
	}
	out, err := c.assume(target)
	if err != nil {
		return nil, err
	}
	out.Subject, out.Provider = claims.Subject, provider
	if len(claims.Audience) > 0 {
		out.Audience = claims.Audience[0]
	}
	return out, nil
}

// roleOwner is the account of the role that the call assumes, which decides about it; else empty.
func (c *call) roleOwner() string {
	if parts := strings.Split(c.Str("RoleArn"), ":"); c.service == "sts" && len(parts) > 4 {
		return accountOf(parts[4])
	}
	return ""
}

// names says whether a trust policy's principals are of the wanted kind. Of accounts, a foreign one must be named: which
// of its own principals a role trusts is not evaluated.
func (c *call) names(principals, kind string) bool {
	switch {
	case principals == `"*"`:
		return true
	case kind == "AWS" && c.caller != c.account.id && !strings.Contains(principals, c.caller):
		return false
	}
	return strings.Contains(principals, `"`+kind+`"`)
}

// trusting is the role that the request names, if its trust policy lets that kind of principal take the action. The
// conditions are evaluated with [Options.EnforceIAM] only.
func (c *call) trusting(action, principal string, keys policy.Keys) (*role, error) {
	arn := c.Str("RoleArn")
	denied := iamError("AccessDenied", http.StatusForbidden,
		"User is not authorized to perform: %s on resource: %s", action, arn)
	target := roles.get(c.global, arn[strings.LastIndex(arn, "/")+1:])
	if target == nil || target.ARN != arn {
		return nil, denied
	}
	statements, err := policy.Parse(target.Trust)
	if err != nil {
		return nil, err
	}
	trusted := false
	for _, s := range statements {
		if !policy.Matches(s.Action, action) || !c.names(string(s.Principal), principal) {
			continue
		}
		met, err := c.met(s, keys)
		switch {
		case err != nil:
			return nil, err
		case !met:
			continue
		case s.Effect == "Deny":
			return nil, denied
		}
		trusted = true
	}
	if !trusted {
		return nil, denied
	}
	return target, nil
}

// met says whether a trust policy's conditions hold.
func (c *call) met(s policy.Statement, keys policy.Keys) (bool, error) {
	if !c.sandbox.options.EnforceIAM {
		return true, nil
	}
	return s.Holds(keys)
}

// assume opens a session of a role.
func (c *call) assume(target *role) (*assumed, error) {
	name := c.Str("RoleSessionName")
	if !sessionName.MatchString(name) {
		return nil, iamInvalid("RoleSessionName", "Member must satisfy regular expression pattern: "+sessionName.String())
	}
	seconds, err := c.Num("DurationSeconds", defaultSession)
	if err != nil || seconds < 900 || seconds > target.Session {
		return nil, fail("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	key := fmt.Sprintf("ASIA%s%08X", c.account.id, uint32(c.global.draw("sts/key")))
	ends := time.Now().Add(time.Duration(seconds) * time.Second)
	s := &session{
		Key: key, Ends: ends,
		ARN:    "arn:aws:sts::" + c.account.id + ":assumed-role/" + target.Name + "/" + name,
		UserID: target.ID + ":" + name,
	}
	for old := range sessions.all(c.global) {
		if old.ended() {
			sessions.drop(c.global, old.Key)
		}
	}
	sessions.put(c.global, key, s)
	return &assumed{
		Credentials: credentialsView{
			Key: key, Secret: fmt.Sprintf("%040x", c.global.draw("sts/secret")),
			Token: fmt.Sprintf("sandbox-%016x", c.global.draw("sts/token")), Expires: ends,
		},
		User: assumedUser{ID: s.UserID, ARN: s.ARN},
	}, nil
}

type identityClaims struct {
	Issuer   string                   `json:"iss"`
	Subject  string                   `json:"sub"`
	Audience policy.OneOrMore[string] `json:"aud"`
}

// keys are the claims that trust policies can ask for: issuer:sub and issuer:aud.
func (i identityClaims) keys() policy.Keys {
	issuer := strings.ToLower(strings.TrimPrefix(i.Issuer, "https://"))
	keys := policy.Keys{issuer + ":sub": i.Subject}
	if len(i.Audience) > 0 {
		keys[issuer+":aud"] = i.Audience[0]
	}
	return keys
}

// webIdentity reads the claims of a JSON web token. Its signature is not checked: the sandbox reaches no issuer.
func webIdentity(token string) (identityClaims, error) {
	var claims identityClaims
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return claims, fail("InvalidIdentityToken", "The ID Token provided is not a valid JWT.")
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err == nil {
		err = json.Unmarshal(text, &claims)
	}
	if err != nil || claims.Issuer == "" {
		return claims, fail("InvalidIdentityToken", "The ID Token provided is not a valid JWT.")
	}
	return claims, nil
}
